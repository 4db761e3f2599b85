import type {Binding, Change, PolicyTarget} from '../engine/change.ts'
import {free, gcloud} from './gcloud.ts'
import {bucketName, projectName, secretName} from './resource-names.ts'

type Grant = {project: string; policy: PolicyTarget; member: string; roles: readonly string[]}

const resourceOf = (project: string, {of, name}: PolicyTarget): string =>
  of === 'project' ? projectName(name) : of === 'secret' ? secretName(project, name) : bucketName(name)

const line = (verb: 'add' | 'remove', project: string, {of, name}: PolicyTarget, {role, member}: Binding): string =>
  of === 'project'
    ? gcloud`projects ${verb}-iam-policy-binding ${name} --member=${member} --role=${role} --condition=None`
    : of === 'secret'
      ? gcloud`secrets ${verb}-iam-policy-binding ${name} --project=${project} --member=${member} --role=${role}`
      : gcloud`storage buckets ${verb}-iam-policy-binding gs://${name} --member=${member} --role=${role}`

const short = (member: string): string => member.slice(member.indexOf(':') + 1).replace(/@.*/, '')

/** One change for all roles of one member on one policy. */
export const grantRoles = ({project, policy, member, roles}: Grant): Change => {
  const add = roles.map((role) => ({role, member}))
  return {
    id: `grant-${short(member)}-${roles.length === 1 ? roles.join('').replace('roles/', '') : 'roles'}-on-${policy.of}-${policy.name}`,
    title: `Grant ${roles.join(', ')} on ${policy.of} ${policy.name} to ${member}`,
    resource: resourceOf(project, policy),
    request: {kind: 'grant', policy, add, remove: []},
    cost: free,
    gcloud: add.map((binding) => line('add', project, policy, binding)),
    undo: add.map((binding) => line('remove', project, policy, binding)).join(' && '),
    takes: '1-2 s, and up to 7 min until it works everywhere',
  }
}

/** Takes bindings of one member off one policy. Always asked for by itself: qlogic did not put them there. */
export const revokeRoles = ({project, policy, member, roles, why}: Grant & {why: string}): Change => {
  const remove = roles.map((role) => ({role, member}))
  return {
    id: `revoke-${member.replace(/@.*/, '').replaceAll(/[^\w-]+/g, '-')}-on-${policy.of}-${policy.name}`,
    title: `Take ${roles.join(', ')} on ${policy.of} ${policy.name} from ${member}`,
    resource: resourceOf(project, policy),
    request: {kind: 'grant', policy, add: [], remove},
    cost: free,
    gcloud: remove.map((binding) => line('remove', project, policy, binding)),
    undo: remove.map((binding) => line('add', project, policy, binding)).join(' && '),
    takes: '1-2 s, and up to 7 min until it works everywhere',
    consent: {each: why},
  }
}
