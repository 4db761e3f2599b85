import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud} from './gcloud.ts'
import {poolName, providerName} from './resource-names.ts'

type PoolRef = {project: string; pool: string}
type ProviderRef = PoolRef & {provider: string}

/** How a provider is to be. `attributeMapping` as Google has it: target → expression. */
export type ProviderSettings = {issuerUri: string; attributeMapping: Readonly<Record<string, string>>; attributeCondition: string}

const parent = (project: string): string => `projects/${project}/locations/global`
const poolPath = ({project, pool}: PoolRef): string => `${parent(project)}/workloadIdentityPools/${pool}`
const providerPath = (ref: ProviderRef): string => `${poolPath(ref)}/providers/${ref.provider}`
const takes = '5-20 s, and up to 5 min until it works everywhere'
const method = (name: string): string => `iam.projects.locations.workloadIdentityPools.${name}`

const pools = 'iam workload-identity-pools'
const where = ({project, pool}: PoolRef): string =>
  gcloud` --workload-identity-pool=${pool} --location=global --project=${project}`.replace('gcloud ', '')
const mappingText = (mapping: ProviderSettings['attributeMapping']): string =>
  Object.entries(mapping)
    .map(([target, expression]) => `${target}=${expression}`)
    .join(',')

export const createPool = ({project, pool}: PoolRef): Change => ({
  id: `create-pool-${pool}`,
  title: `Create workload identity pool ${pool} for GitHub Actions`,
  resource: poolName(project, pool),
  request: call(
    method('create'),
    {parent: parent(project), workloadIdentityPoolId: pool},
    {displayName: 'GitHub Actions Pool', description: 'Managed by qlogic'},
  ),
  cost: free,
  gcloud: [
    gcloud`iam workload-identity-pools create ${pool} --location=global --display-name=${'GitHub Actions Pool'} --description=${'Managed by qlogic'} --project=${project}`,
  ],
  undo: gcloud`iam workload-identity-pools delete ${pool} --location=global --project=${project}`,
  takes,
})

/** Its name is taken for 30 days: a new one cannot be made in its place. */
export const undeletePool = (ref: PoolRef): Change => ({
  id: `undelete-pool-${ref.pool}`,
  title: `Bring back the deleted workload identity pool ${ref.pool}`,
  resource: poolName(ref.project, ref.pool),
  request: call(method('undelete'), {name: poolPath(ref)}),
  cost: free,
  gcloud: [gcloud`iam workload-identity-pools undelete ${ref.pool} --location=global --project=${ref.project}`],
  undo: gcloud`iam workload-identity-pools delete ${ref.pool} --location=global --project=${ref.project}`,
  takes,
  consent: {each: 'somebody deleted this pool; whoever may act through it may do so again'},
})

export const enablePool = (ref: PoolRef): Change => ({
  id: `enable-pool-${ref.pool}`,
  title: `Enable workload identity pool ${ref.pool}`,
  resource: poolName(ref.project, ref.pool),
  request: call(method('patch'), {name: poolPath(ref), updateMask: 'disabled'}, {disabled: false}),
  cost: free,
  gcloud: [gcloud`iam workload-identity-pools update ${ref.pool} --location=global --no-disabled --project=${ref.project}`],
  undo: gcloud`iam workload-identity-pools update ${ref.pool} --location=global --disabled --project=${ref.project}`,
  takes,
  consent: {each: 'somebody disabled this pool; whoever may act through it may do so again'},
})

export const createProvider = (ref: ProviderRef, {issuerUri, attributeMapping, attributeCondition}: ProviderSettings): Change => ({
  id: `create-provider-${ref.provider}`,
  title: `Create provider ${ref.provider} for GitHub Actions: ${attributeCondition}`,
  resource: providerName(ref.project, ref.pool, ref.provider),
  request: call(
    method('providers.create'),
    {parent: poolPath(ref), workloadIdentityPoolProviderId: ref.provider},
    {displayName: 'GitHub Provider', attributeMapping: {...attributeMapping}, attributeCondition, oidc: {issuerUri}},
  ),
  cost: free,
  gcloud: [
    `${gcloud`iam workload-identity-pools providers create-oidc ${ref.provider} --display-name=${'GitHub Provider'} --issuer-uri=${issuerUri} --attribute-mapping=${mappingText(attributeMapping)} --attribute-condition=${attributeCondition}`}${where(ref)}`,
  ],
  undo: `gcloud ${pools} providers delete ${ref.provider}${where(ref)}`,
  takes,
})

export const undeleteProvider = (ref: ProviderRef): Change => ({
  id: `undelete-provider-${ref.provider}`,
  title: `Bring back the deleted provider ${ref.provider}`,
  resource: providerName(ref.project, ref.pool, ref.provider),
  request: call(method('providers.undelete'), {name: providerPath(ref)}),
  cost: free,
  gcloud: [`gcloud ${pools} providers undelete ${ref.provider}${where(ref)}`],
  undo: `gcloud ${pools} providers delete ${ref.provider}${where(ref)}`,
  takes,
  consent: {each: 'somebody deleted this provider; whoever may sign in by it may do so again'},
})

/** `before`: as it stands, to go back to. */
export type ProviderUpdate = Partial<ProviderSettings> & {enable?: true; why: string; before: Partial<ProviderSettings>}

/** Sets what is named and leaves the rest. */
export const updateProvider = (
  ref: ProviderRef,
  {issuerUri, attributeMapping, attributeCondition, enable, why, before}: ProviderUpdate,
): Change => {
  const body: JsonObject = {
    ...(enable === undefined ? {} : {disabled: false}),
    ...(issuerUri === undefined ? {} : {oidc: {issuerUri}}),
    ...(attributeMapping === undefined ? {} : {attributeMapping: {...attributeMapping}}),
    ...(attributeCondition === undefined ? {} : {attributeCondition}),
  }
  const mask = Object.keys(body).map((field) => (field === 'oidc' ? 'oidc.issuerUri' : field))
  const line = (to: Partial<ProviderSettings>, disabled: string | undefined): string =>
    [
      gcloud`iam workload-identity-pools providers update-oidc ${ref.provider}`,
      ...(disabled === undefined ? [] : [disabled]),
      ...(issuerUri === undefined || to.issuerUri === undefined ? [] : [flag('issuer-uri', to.issuerUri)]),
      ...(attributeMapping === undefined || to.attributeMapping === undefined
        ? []
        : [flag('attribute-mapping', mappingText(to.attributeMapping))]),
      ...(attributeCondition === undefined ? [] : [flag('attribute-condition', to.attributeCondition ?? '')]),
    ].join(' ') + where(ref)
  const settings = {
    ...(issuerUri === undefined ? {} : {issuerUri}),
    ...(attributeMapping === undefined ? {} : {attributeMapping}),
    ...(attributeCondition === undefined ? {} : {attributeCondition}),
  }
  return {
    id: `update-provider-${ref.provider}`,
    title: `Set ${mask.join(', ')} of provider ${ref.provider}${attributeCondition === undefined ? '' : `: ${attributeCondition}`}`,
    resource: providerName(ref.project, ref.pool, ref.provider),
    request: call(method('providers.patch'), {name: providerPath(ref), updateMask: mask.join(',')}, body),
    cost: free,
    gcloud: [line(settings, enable === undefined ? undefined : '--no-disabled')],
    undo: line(before, enable === undefined ? undefined : '--disabled'),
    takes,
    consent: {each: why},
  }
}

const flag = (name: string, value: string): string => gcloud`--${name}=${value}`.replace('gcloud ', '')

/** Nobody signs in by it any more; it stays as it is. */
export const disableProvider = (ref: ProviderRef, why: string): Change => ({
  id: `disable-provider-${ref.provider}`,
  title: `Disable provider ${ref.provider} of pool ${ref.pool}`,
  resource: providerName(ref.project, ref.pool, ref.provider),
  request: call(method('providers.patch'), {name: providerPath(ref), updateMask: 'disabled'}, {disabled: true}),
  cost: free,
  gcloud: [`gcloud ${pools} providers update-oidc ${ref.provider} --disabled${where(ref)}`],
  undo: `gcloud ${pools} providers update-oidc ${ref.provider} --no-disabled${where(ref)}`,
  takes,
  consent: {each: why},
})
