import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, pick, text, texts, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {checkUserLabels, collectionRoutes, dropRow, findRow, invalidField, keepRow, nameOf, type Collection} from './records.ts'
import {notificationChannelShape} from './shapes.ts'

type Kind = {
  type: string
  name: string
  labels: readonly {key: string; description: string}[]
  /** Labels that come back obfuscated. */
  sensitive?: readonly string[]
  /** Needs a code that is sent to it before it is used. */
  verified?: boolean
  /** Made by consent in the console only. */
  consent?: boolean
}

const label = (key: string, description: string) => ({key, description})

/** The kinds of channels, as the descriptors list them. */
const kinds: readonly Kind[] = [
  {type: 'email', name: 'Email', labels: [label('email_address', 'An address to send an email.')]},
  {type: 'sms', name: 'SMS', labels: [label('number', 'The phone number.')], verified: true},
  {
    type: 'slack',
    name: 'Slack',
    labels: [
      label('channel_name', 'The Slack channel to which to post notifications.'),
      label('auth_token', 'A permanent authentication token provided by Slack.'),
    ],
    sensitive: ['auth_token'],
    consent: true,
  },
  {
    type: 'pagerduty',
    name: 'PagerDuty Services',
    labels: [label('service_key', 'The API key provided by PagerDuty when you created the service.')],
    sensitive: ['service_key'],
  },
  {
    type: 'webhook_tokenauth',
    name: 'Webhook with Token Authentication',
    labels: [label('url', 'The public URL to which to publish the webhook.')],
  },
  {
    type: 'webhook_basicauth',
    name: 'Webhook with Basic Authentication',
    labels: [
      label('url', 'The public URL to which to publish the webhook.'),
      label('username', 'The username for the HTTP authentication.'),
      label('password', 'The password for the HTTP authentication.'),
    ],
    sensitive: ['password'],
  },
  {type: 'pubsub', name: 'Cloud Pub/Sub', labels: [label('topic', 'The topic to publish to.')]},
]

const settable = ['description', 'displayName', 'enabled', 'labels', 'type', 'userLabels']

/** A sensitive label shows its last characters only. The simulator keeps no more of it than that. */
const obfuscated = (value: string): string => `${'*'.repeat(Math.max(0, value.length - 4))}${value.slice(-4)}`

const channels: Collection = {
  name: 'notificationChannels',
  filterable: ['type', 'displayName', 'enabled', 'labels', 'userLabels', 'verificationStatus'],
  absent: (id, project) => `Notification channel not found: projects/${project}/notificationChannels/${id}`,
  shown: (row) => pick(row, ['name', ...settable, 'creationRecord', 'mutationRecords', 'verificationStatus']),
}

const validate = (row: JsonObject, before: JsonObject): JsonObject => {
  const kind = kinds.find(({type}) => type === row.type)
  const field = 'notification_channel'
  if (kind === undefined) throw invalidField(`${field}.type`, text(row.type), 'is not a valid notification channel type.')
  const labels = object(row.labels)
  for (const key of Object.keys(labels))
    if (!kind.labels.some((known) => known.key === key))
      throw invalidField(`${field}.labels`, key, `is not a label of a channel of the type ${kind.type}.`)
  for (const {key} of kind.labels)
    if (text(labels[key]) === '' && !(kind.consent === true && key === 'auth_token'))
      throw invalidField(`${field}.labels['${key}']`, undefined, 'a required label is missing.')
  if (kind.consent === true && text(labels.auth_token) === '')
    throw invalidField(`${field}.labels['auth_token']`, undefined, 'a Slack channel is made by consent in the Cloud console.')
  if (kind.type === 'email' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text(labels.email_address)))
    throw invalidField(`${field}.labels['email_address']`, text(labels.email_address), 'is not a valid email address.')
  checkUserLabels(field, object(row.userLabels))
  const old = object(before.labels)
  const kept = Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [
      key,
      kind.sensitive?.includes(key) === true && value !== old[key] ? obfuscated(text(value)) : value,
    ]),
  )
  return {
    ...row,
    labels: kept,
    ...(kind.verified === true && row.verificationStatus === undefined ? {verificationStatus: 'UNVERIFIED'} : {}),
  }
}

const refuseStatus = ({body}: Request): void => {
  if (body.verificationStatus !== undefined && body.verificationStatus !== 'VERIFICATION_STATUS_UNSPECIFIED')
    throw invalidField('notification_channel.verification_status', text(body.verificationStatus), 'Field must be empty.')
}

const create = (request: Request, world: World): JsonObject => {
  refuseStatus(request)
  const record = {mutateTime: world.now().toISOString()}
  const row = validate(pick(request.body, settable), {})
  return keepRow(channels, world, {
    ...row,
    enabled: row.enabled ?? true,
    name: nameOf(channels, request, world, world.newId(20)),
    creationRecord: record,
    mutationRecords: [record],
  })
}

const patch = (request: Request, world: World): JsonObject => {
  refuseStatus(request)
  const row = findRow(channels, request, world)
  const paths = maskPaths(request.query.get('updateMask'))
  const given = pick(request.body, settable)
  const wanted =
    paths.length > 0 ? applyMask(row, given, paths) : {...pick(row, ['name', 'type', 'creationRecord', 'verificationStatus']), ...given}
  const record = {mutateTime: world.now().toISOString()}
  return keepRow(channels, world, {
    ...validate(wanted, row),
    enabled: wanted.enabled ?? true,
    mutationRecords: [record],
  })
}

/** Refused while a policy uses the channel, unless forced: then the policies lose it. */
const remove = (request: Request, world: World): JsonObject => {
  const row = findRow(channels, request, world)
  const name = text(row.name)
  const policies = world.table('monitoring.alertPolicies')
  const using = policies.entries().filter(([, policy]) => texts(policy.notificationChannels).includes(name))
  if (using.length > 0 && request.query.get('force') !== 'true')
    throw new ApiError(
      400,
      'FAILED_PRECONDITION',
      'failedPrecondition',
      `Cannot delete notification channel with name '${name}' because it is being used by at least one policy.`,
    )
  for (const [key, policy] of using)
    policies.set(key, {...policy, notificationChannels: texts(policy.notificationChannels).filter((other) => other !== name)})
  return dropRow(channels, world, row)
}

const codeOf = (row: JsonObject): string => `G-${text(row.name).slice(-6)}`

const unverified = (row: JsonObject): void => {
  if (row.verificationStatus === undefined)
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'This notification channel does not need to be verified.')
}

const sendCode = (request: Request, world: World): JsonObject => {
  unverified(findRow(channels, request, world))
  return {}
}

const verify = (request: Request, world: World): JsonObject => {
  const row = findRow(channels, request, world)
  unverified(row)
  if (text(request.body.code) !== codeOf(row))
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'The verification code is invalid or has expired.')
  return keepRow(channels, world, {...row, verificationStatus: 'VERIFIED'})
}

const getCode = (request: Request, world: World): JsonObject => {
  const row = findRow(channels, request, world)
  if (row.verificationStatus !== 'VERIFIED')
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'The notification channel has not been verified.')
  return {code: codeOf(row), expireTime: new Date(world.now().getTime() + 86_400_000).toISOString()}
}

const described = (project: string, {type, name, labels}: Kind): JsonObject => ({
  name: `projects/${project}/notificationChannelDescriptors/${type}`,
  type,
  displayName: name,
  labels: labels.map((one) => ({...one})),
  launchStage: 'GA',
})

const descriptorRoutes: Route[] = [
  {
    id: 'monitoring.projects.notificationChannelDescriptors.list',
    method: 'GET',
    path: '/v3/projects/{project}/notificationChannelDescriptors',
    permissions: ['monitoring.notificationChannelDescriptors.list'],
    query: ['pageSize', 'pageToken'],
    handle: (request, world) => {
      const project = world.project(request.params.project ?? '')?.projectId ?? ''
      const found = kinds.map((kind) => described(project, kind))
      const {items, nextPageToken} = pageOf(found, request.query, {size: 100, largest: 100})
      return {...unlessEmpty('channelDescriptors', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
    },
  },
  {
    id: 'monitoring.projects.notificationChannelDescriptors.get',
    method: 'GET',
    path: '/v3/projects/{project}/notificationChannelDescriptors/{type}',
    permissions: ['monitoring.notificationChannelDescriptors.get'],
    handle: (request, world) => {
      const kind = kinds.find(({type}) => type === request.params.type)
      if (kind) return described(world.project(request.params.project ?? '')?.projectId ?? '', kind)
      throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
    },
  },
]

const one = '/v3/projects/{project}/notificationChannels/{id}'
const verb = (name: string) => `monitoring.projects.notificationChannels.${name}`
const may = (name: string) => [`monitoring.notificationChannels.${name}`]

/** monitoring.projects.notificationChannels and their descriptors. E-mail needs no verification, SMS does. */
export const channelRoutes: Route[] = [
  ...collectionRoutes(channels, notificationChannelShape, {
    create,
    patch,
    remove,
    bodyName: 'notification_channel',
    deleteQuery: ['force'],
  }),
  {
    id: verb('sendVerificationCode'),
    method: 'POST',
    path: `${one}:sendVerificationCode`,
    permissions: may('sendVerificationCode'),
    handle: sendCode,
  },
  {
    id: verb('verify'),
    method: 'POST',
    path: `${one}:verify`,
    permissions: may('verify'),
    body: {fields: {code: 'string'}},
    handle: verify,
  },
  {
    id: verb('getVerificationCode'),
    method: 'POST',
    path: `${one}:getVerificationCode`,
    permissions: may('getVerificationCode'),
    body: {fields: {expireTime: 'timestamp'}},
    handle: getCode,
  },
  ...descriptorRoutes,
]
