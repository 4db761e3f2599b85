import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import type {NeededPermission} from '../../src/permissions/needed.ts'
import {elsewhere, gcloudRole, terraformRole, type RoleInput} from '../../src/permissions/role-file.ts'

const needed: NeededPermission[] = [
  {permission: 'billing.budgets.create', level: 'billing-account', items: ['project.budget-alert']},
  {permission: 'compute.networks.create', level: 'project', items: ['network.vpc-private-subnets']},
  {permission: 'iam.googleapis.com/workloadIdentityPools.create', level: 'project', items: ['cicd.wif']},
  {permission: 'orgpolicy.policies.create', level: 'organization', items: ['project.org-policies']},
  {permission: 'storage.buckets.getIamPolicy', level: 'bucket', items: ['state.hardening']},
]
const input: RoleInput = {purpose: 'setup', steps: ['network', 'cicd'], project: 'acme-qlogic-prod', needed}

describe('the role for gcloud', () => {
  test('is YAML that holds what a project can hold', () => {
    expect(parse(gcloudRole(input, ['Missing: 1', '  compute.networks.create']))).toEqual({
      title: 'qlogic setup',
      description: 'What qlogic setup needs for network, cicd',
      stage: 'GA',
      includedPermissions: ['compute.networks.create', 'iam.googleapis.com/workloadIdentityPools.create'],
    })
  })

  test('says how it is made, and where the rest is granted', () => {
    expect(gcloudRole(input)).toBe(`# gcloud iam roles create qlogicSetup --project=acme-qlogic-prod --file=FILE
# On the organization or folder of the project, for example by roles/orgpolicy.policyAdmin:
#   orgpolicy.policies.create
# On the billing account, for example by roles/billing.costsManager:
#   billing.budgets.create
# On the bucket of the Terraform state, for example by roles/storage.legacyBucketOwner:
#   storage.buckets.getIamPolicy
title: qlogic setup
description: What qlogic setup needs for network, cicd
stage: GA
includedPermissions:
  - compute.networks.create
  - iam.googleapis.com/workloadIdentityPools.create`)
  })
})

test('the same for Terraform', () => {
  const only = {...input, purpose: 'verify', needed: needed.filter(({level}) => level === 'project')} as const
  expect(terraformRole({...only, steps: [], project: undefined}, ['Nothing is missing.'])).toBe(`# Nothing is missing.
resource "google_project_iam_custom_role" "qlogic_verify" {
  project     = "PROJECT_ID"
  role_id     = "qlogicVerify"
  title       = "qlogic verify"
  description = "What qlogic verify needs"
  stage       = "GA"
  permissions = [
    "compute.networks.create",
    "iam.googleapis.com/workloadIdentityPools.create",
  ]
}`)
})

test.each<[NeededPermission['level'], string[], string[]]>([
  ['billing-account', ['billing.accounts.get', 'billing.budgets.list'], ['roles/billing.viewer']],
  [
    'billing-account',
    ['billing.budgets.create', 'billing.resourceAssociations.create'],
    ['roles/billing.user', 'roles/billing.costsManager'],
  ],
  [
    'organization',
    ['orgpolicy.policies.update', 'resourcemanager.projects.create'],
    ['roles/resourcemanager.projectCreator', 'roles/orgpolicy.policyAdmin'],
  ],
  ['bucket', ['storage.buckets.get'], ['roles/storage.legacyBucketReader']],
  ['bucket', ['storage.buckets.get', 'storage.buckets.update'], ['roles/storage.legacyBucketOwner']],
])('on the %s, %j is in %j', (level, permissions, roles) => {
  const found = elsewhere(permissions.map((permission) => ({permission, level, items: []})))
  expect(found).toMatchObject([{level, permissions, roles}])
})
