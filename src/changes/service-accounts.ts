import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {emailOf, keyName, lastSegment, serviceAccountName} from './resource-names.ts'

type NewAccount = {project: string; account: string; displayName: string}

export const createServiceAccount = ({project, account, displayName}: NewAccount): Change => {
  const email = emailOf(project, account)
  const serviceAccount = {displayName, description: 'Managed by qlogic'}
  return {
    id: `create-service-account-${account}`,
    title: `Create service account ${account} (${displayName})`,
    resource: serviceAccountName(project, email),
    request: call('iam.projects.serviceAccounts.create', {name: `projects/${project}`}, {accountId: account, serviceAccount}),
    cost: free,
    gcloud: [
      gcloud`iam service-accounts create ${account} --display-name=${displayName} --description=${serviceAccount.description} --project=${project}`,
    ],
    undo: gcloud`iam service-accounts delete ${email} --project=${project}`,
    takes: '1-3 s, and up to a minute until it is known everywhere',
  }
}

export const enableServiceAccount = (project: string, email: string): Change => ({
  id: `enable-service-account-${lastSegment(email).replace(/@.*/, '')}`,
  title: `Enable service account ${email}`,
  resource: serviceAccountName(project, email),
  request: call('iam.projects.serviceAccounts.enable', {name: `projects/${project}/serviceAccounts/${email}`}),
  cost: free,
  gcloud: [gcloud`iam service-accounts enable ${email} --project=${project}`],
  undo: gcloud`iam service-accounts disable ${email} --project=${project}`,
  takes: '1-5 s',
  consent: {each: 'somebody disabled this account; enabling it gives back everything that it may do'},
})

/** A new account of the same name would be another account: the old one keeps its bindings for 30 days. */
export const undeleteServiceAccount = (project: string, email: string, uniqueId: string): Change => ({
  id: `undelete-service-account-${email.replace(/@.*/, '')}`,
  title: `Bring back the deleted service account ${email}`,
  resource: serviceAccountName(project, email),
  request: call('iam.projects.serviceAccounts.undelete', {name: `projects/${project}/serviceAccounts/${uniqueId}`}),
  cost: free,
  gcloud: [gcloud`iam service-accounts undelete ${uniqueId} --project=${project}`],
  undo: gcloud`iam service-accounts delete ${email} --project=${project}`,
  takes: '1-5 s',
  consent: {each: 'somebody deleted this account; it comes back with everything that it may do, and only within 30 days'},
})

/** `name` as Google has it: `projects/P/serviceAccounts/EMAIL/keys/ID`. A key is disabled, never deleted. */
export const disableKey = (name: string, why: string): Change => {
  const key = lastSegment(name)
  const email = /serviceAccounts\/([^/]+)\//.exec(name)?.[1] ?? '-'
  return {
    id: `disable-key-${key}`,
    title: `Disable key ${key} of ${email}`,
    resource: keyName(name),
    request: call('iam.projects.serviceAccounts.keys.disable', {name}),
    cost: free,
    gcloud: [gcloud`iam service-accounts keys disable ${key} --iam-account=${email}`],
    undo: gcloud`iam service-accounts keys enable ${key} --iam-account=${email}`,
    takes: '1-5 s',
    consent: {each: `${why}; whatever still signs in with it stops working`},
  }
}
