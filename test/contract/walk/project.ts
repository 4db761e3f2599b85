import {on, send} from './step.ts'
import type {Step} from './step.ts'

const rm = '/cloudresourcemanager'
const org = 'organizations/100000000001'
const account = 'billingAccounts/01A2B3-C4D5E6-F70819'
const binding = {bindings: [{role: 'roles/viewer', members: ['user:someone@example.com']}]}
const conditional = {
  version: 3,
  bindings: [{role: 'roles/viewer', members: ['user:a@example.com'], condition: {title: 't', description: 'd', expression: 'true'}}],
  auditConfigs: [{service: 'allServices', auditLogConfigs: [{logType: 'DATA_READ', exemptedMembers: ['user:a@example.com']}]}],
}
const permissions = {permissions: ['resourcemanager.projects.get']}

const policies = (resource: string): Step[] => [
  send(`POST ${resource}:setIamPolicy`, {policy: binding}),
  send(`POST ${resource}:getIamPolicy`, {options: {requestedPolicyVersion: 3}}),
  send(`POST ${resource}:testIamPermissions`, {permissions: ['resourcemanager.organizations.get']}),
]

/** Projects, organizations and their policies, in both versions. */
export const resourceManagerWalk: Step[] = [
  send(
    `POST ${rm}/v1/projects`,
    {projectId: 'walk-one', name: 'Walk one', labels: {a: 'b'}, parent: {type: 'organization', id: '100000000001'}},
    {
      operation: 'name',
    },
  ),
  on(`GET ${rm}/v1/operations/\${operation}`),
  send(`POST ${rm}/v3/projects`, {projectId: 'walk-two', displayName: 'Walk two', parent: org, labels: {a: 'b'}}, {operation: 'name'}),
  on(`GET ${rm}/v3/operations/\${operation}`),
  on(`GET ${rm}/v1/projects?filter=projectId:walk*`),
  on(`GET ${rm}/v3/projects?parent=${org}&pageSize=1`),
  on(`GET ${rm}/v3/projects:search?query=projectId:walk-two`),
  on(`GET ${rm}/v1/projects/walk-one`, {number: 'projectNumber'}),
  on(`GET ${rm}/v3/projects/\${number}`),
  on(`GET ${rm}/v3/projects/walk-two?%24alt=json%3Benum-encoding%3Dint`),
  send(`PUT ${rm}/v1/projects/walk-one`, {name: 'Walk 1', labels: {c: 'd'}, projectId: 'walk-one'}),
  send(`PATCH ${rm}/v3/projects/walk-two?updateMask=displayName,labels`, {displayName: 'Walk 2', labels: {c: 'd'}}),
  on(`POST ${rm}/v1/projects/walk-one:getAncestry`),
  ...policies(`${rm}/v1/${org}`),
  ...policies(`${rm}/v3/${org}`),
  ...['v1', 'v3'].flatMap((version) => [
    send(`POST ${rm}/${version}/projects/walk-one:setIamPolicy`, {policy: conditional, updateMask: 'bindings,auditConfigs'}),
    send(`POST ${rm}/${version}/projects/walk-one:getIamPolicy`, {options: {requestedPolicyVersion: 3}}),
    send(`POST ${rm}/${version}/projects/walk-one:testIamPermissions`, permissions),
    on(`GET ${rm}/${version}/${org}`),
  ]),
  send(`POST ${rm}/v1/organizations:search`, {pageSize: 5}),
  on(`GET ${rm}/v3/organizations:search?query=domain:example.com`),
  on(`DELETE ${rm}/v1/projects/walk-one`),
  on(`GET ${rm}/v3/projects/walk-one`),
  on(`POST ${rm}/v1/projects/walk-one:undelete`),
  on(`DELETE ${rm}/v3/projects/walk-two`),
  on(`POST ${rm}/v3/projects/walk-two:undelete`),
]

/** Billing, budgets, APIs and organization policies of the first project. */
export const billingWalk: Step[] = [
  on('GET /cloudbilling/v1/billingAccounts?filter=open=true'),
  on(`GET /cloudbilling/v1/${account}`),
  send(`PATCH /cloudbilling/v1/${account}?updateMask=displayName`, {displayName: 'Walked'}),
  send('PUT /cloudbilling/v1/projects/walk-one/billingInfo', {billingAccountName: account}),
  on('GET /cloudbilling/v1/projects/walk-one/billingInfo'),
  on('GET /cloudbilling/v1/projects/walk-two/billingInfo'),
  on(`GET /cloudbilling/v1/${account}/projects`),
  on(`GET /cloudbilling/v1/${account}:getIamPolicy?options.requestedPolicyVersion=3`),
  send(`POST /cloudbilling/v1/${account}:setIamPolicy`, {policy: binding}),
  send(`POST /cloudbilling/v1/${account}:testIamPermissions`, {permissions: ['billing.resourceAssociations.create']}),
  send(
    `POST /billingbudgets/v1/${account}/budgets`,
    {
      displayName: 'walk',
      budgetFilter: {projects: ['projects/walk-one'], calendarPeriod: 'MONTH', labels: {a: ['b']}},
      amount: {specifiedAmount: {currencyCode: 'USD', units: '100'}},
      thresholdRules: [{thresholdPercent: 0.5}, {thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND'}],
      notificationsRule: {disableDefaultIamRecipients: false},
    },
    {budget: 'name'},
  ),
  on(`GET /billingbudgets/v1/${account}/budgets?scope=projects/walk-one`),
  on(`GET /billingbudgets/v1/${account}/budgets/\${budget}`),
  send(`PATCH /billingbudgets/v1/${account}/budgets/\${budget}?updateMask=amount`, {amount: {lastPeriodAmount: {}}}),
  on(`DELETE /billingbudgets/v1/${account}/budgets/\${budget}`),
]

const usage = '/serviceusage'
const enabled = [
  'compute',
  'iam',
  'orgpolicy',
  'secretmanager',
  'servicenetworking',
  'sqladmin',
  'storage',
  'artifactregistry',
  'vpcaccess',
]

/** APIs of the project, and its organization policies. */
export const servicesWalk: Step[] = [
  send(
    `POST ${usage}/v1/projects/walk-one/services:batchEnable`,
    {serviceIds: enabled.map((name) => `${name}.googleapis.com`)},
    {operation: 'name'},
  ),
  on(`GET ${usage}/v1/operations/\${operation}`),
  ...['v1', 'v1beta1'].flatMap((version) => [
    on(`GET ${usage}/${version}/projects/walk-one/services?filter=state:ENABLED&pageSize=3`),
    on(`GET ${usage}/${version}/projects/walk-one/services/compute.googleapis.com`),
    on(`GET ${usage}/${version}/projects/walk-one/services/run.googleapis.com?%24alt=json%3Benum-encoding%3Dint`),
    send(`POST ${usage}/${version}/projects/walk-one/services/dns.googleapis.com:enable`, {}, {operation: 'name'}),
    on(`GET ${usage}/${version}/operations/\${operation}`),
    send(`POST ${usage}/${version}/projects/walk-one/services/dns.googleapis.com:enable`, {}),
    send(`POST ${usage}/${version}/projects/walk-one/services/dns.googleapis.com:disable`, {disableDependentServices: true}),
  ]),
  send(`POST ${usage}/v1beta1/projects/walk-one/services:batchEnable`, {serviceIds: ['dns.googleapis.com', 'run.googleapis.com']}),
  on(`GET ${usage}/v1/projects/walk-one/services:batchGet?names=projects/walk-one/services/dns.googleapis.com`),
  send(`POST ${usage}/v1beta1/projects/walk-one/services/sqladmin.googleapis.com:generateServiceIdentity`, {}),
  ...[`projects/\${number}`, org].flatMap((parent) => {
    const name = `${parent}/policies/storage.uniformBucketLevelAccess`
    return [
      send(`POST /orgpolicy/v2/${parent}/policies`, {name, spec: {rules: [{enforce: true}]}}),
      on(`GET /orgpolicy/v2/${parent}/policies?pageSize=10`),
      on(`GET /orgpolicy/v2/${name}`),
      on(`GET /orgpolicy/v2/${name}:getEffectivePolicy`),
      send(`PATCH /orgpolicy/v2/${name}?updateMask=spec`, {name, spec: {rules: [{enforce: false}]}}),
      on(`DELETE /orgpolicy/v2/${name}`),
      on(`GET /orgpolicy/v2/${parent}/constraints?pageSize=10`),
    ]
  }),
]
