import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {alertConditionCost, uptimeCheckCost} from './prices.ts'
import {lastSegment, monitoringName} from './resource-names.ts'

/** How what qlogic made is found again: nothing in Cloud Monitoring has a name of its own that it could be asked for. */
export const idLabel = 'qlogic-id'
const marks = (id: string) => ({'managed-by': 'qlogic', [idLabel]: id})
const markText = (id: string): string => `managed-by=qlogic,${idLabel}=${id}`

/**
 * A notification channel that is made in the same run, by its label: its name is known only afterwards and is filled in when the change is
 * sent.
 */
export const channelToken = (id: string): string => `{notificationChannel:${id}}`
const tokenOf = (name: string): string | undefined => /^\{notificationChannel:(.+)\}$/.exec(name)?.[1]

/** What is filled in from the environment when the change is sent; the key itself is in no plan, journal or log. */
export const pagerdutyKeyToken = '{pagerdutyServiceKey}'

/** A channel name as a shell has it: as it stands, or looked up. */
const channelWord = (project: string, name: string): string => {
  const id = tokenOf(name)
  if (id === undefined) return name
  return `$(${gcloud`beta monitoring channels list --filter=${`userLabels.${idLabel}=${id}`} --format=${'value(name)'} --project=${project}`})`
}

export const createEmailChannel = (project: string, env: string, email: string): Change => {
  const displayName = `qlogic-${env} ops`
  return {
    id: 'create-channel-email',
    title: `Create notification channel ${displayName} (e-mail to ${email})`,
    resource: monitoringName(`projects/${project}/notificationChannels`),
    request: call(
      'monitoring.projects.notificationChannels.create',
      {name: `projects/${project}`},
      {type: 'email', displayName, labels: {email_address: email}, enabled: true, userLabels: marks('channel-email')},
    ),
    cost: free,
    gcloud: [
      gcloud`beta monitoring channels create --display-name=${displayName} --type=email --channel-labels=email_address=${email} --user-labels=${markText('channel-email')} --project=${project}`,
    ],
    undo: `gcloud beta monitoring channels delete CHANNEL --project=${project}`,
    takes: '1-2 s',
  }
}

/** The key is read from QLOGIC_PAGERDUTY_SERVICE_KEY when the change is sent, and kept nowhere. */
export const createPagerdutyChannel = (project: string, env: string): Change => {
  const displayName = `qlogic-${env} PagerDuty`
  const body = {type: 'pagerduty', displayName, enabled: true, userLabels: marks('channel-pagerduty')}
  const content = JSON.stringify({...body, labels: {service_key: '%s'}})
  return {
    id: 'create-channel-pagerduty',
    title: `Create notification channel ${displayName}, with the key from QLOGIC_PAGERDUTY_SERVICE_KEY`,
    resource: monitoringName(`projects/${project}/notificationChannels`),
    request: call(
      'monitoring.projects.notificationChannels.create',
      {name: `projects/${project}`},
      {...body, labels: {service_key: pagerdutyKeyToken}},
    ),
    cost: free,
    gcloud: [
      `printf ${quote(content)} "$QLOGIC_PAGERDUTY_SERVICE_KEY" | ${gcloud`beta monitoring channels create --channel-content-from-file=- --project=${project}`}`,
    ],
    undo: `gcloud beta monitoring channels delete CHANNEL --project=${project}`,
    takes: '1-2 s',
  }
}

/** `name` as Google has it: `projects/p/notificationChannels/1`. */
export const enableChannel = (project: string, name: string): Change => ({
  id: `enable-channel-${lastSegment(name)}`,
  title: `Enable notification channel ${lastSegment(name)}`,
  resource: monitoringName(name),
  request: call('monitoring.projects.notificationChannels.patch', {name, updateMask: 'enabled'}, {enabled: true}),
  cost: free,
  gcloud: [gcloud`beta monitoring channels update ${name} --enabled --project=${project}`],
  undo: gcloud`beta monitoring channels update ${name} --no-enabled --project=${project}`,
  takes: '1-2 s',
})

/** An alert policy as qlogic makes it, without its channels. `id`: `alert-5xx`. */
export type AlertBody = {displayName: string; severity?: 'CRITICAL' | 'ERROR' | 'WARNING'; documentation: string; condition: JsonObject}

/** `channels`: names, or tokens of channels that this run makes. */
export const createAlert = (project: string, id: string, alert: AlertBody, channels: readonly string[]): Change => {
  const policy: JsonObject = {
    displayName: alert.displayName,
    combiner: 'OR',
    enabled: true,
    ...(alert.severity === undefined ? {} : {severity: alert.severity}),
    userLabels: marks(id),
    alertStrategy: {autoClose: '1800s'},
    documentation: {content: alert.documentation, mimeType: 'text/markdown'},
    conditions: [alert.condition],
  }
  return {
    id: `create-${id}`,
    title: `Create alert policy ${alert.displayName}`,
    resource: monitoringName(`projects/${project}/alertPolicies`),
    request: call('monitoring.projects.alertPolicies.create', {name: `projects/${project}`}, {...policy, notificationChannels: channels}),
    cost: alertConditionCost,
    gcloud: [
      gcloud`alpha monitoring policies create --policy=${JSON.stringify(policy)} --project=${project}` +
        ` --notification-channels="${channels.map((name) => channelWord(project, name)).join(',')}"`,
    ],
    undo: `gcloud alpha monitoring policies delete POLICY --project=${project}`,
    takes: '1-2 s',
  }
}

/** What is put right in a policy that qlogic made; what is left out stays as it is. `all` is the whole list, with its names. */
export type AlertRepair = {
  enabled?: true
  conditions?: {all: readonly JsonObject[]; changed: JsonObject}
  notificationChannels?: readonly string[]
}

/** `policy` as Google has it. Only the fields of `repair` are written. */
export const repairAlert = (
  project: string,
  id: string,
  policy: {name: string; displayName?: string | undefined},
  repair: AlertRepair,
): Change => {
  const {enabled, conditions, notificationChannels: channels} = repair
  const fields = {
    ...(enabled === undefined ? {} : {enabled}),
    ...(conditions === undefined ? {} : {conditions: conditions.all}),
    ...(channels === undefined ? {} : {notificationChannels: channels}),
  }
  const mask = Object.keys(fields).join(',')
  const update = gcloud`alpha monitoring policies update ${policy.name} --project=${project}`
  return {
    id: `repair-${id}`,
    title: `Put alert policy ${policy.displayName ?? lastSegment(policy.name)} right (${mask.replaceAll(',', ', ')})`,
    resource: monitoringName(policy.name),
    request: call('monitoring.projects.alertPolicies.patch', {name: policy.name, updateMask: mask}, fields),
    cost: free,
    gcloud: [
      ...(enabled === undefined ? [] : [`${update} --enabled`]),
      ...(channels === undefined
        ? []
        : [`${update} --set-notification-channels="${channels.map((name) => channelWord(project, name)).join(',')}"`]),
      ...(conditions === undefined ? [] : conditionLines(project, policy.name, conditions.changed)),
    ],
    undo: null,
    takes: '1-2 s',
  }
}

/** gcloud changes no filter of a condition: by hand it is made anew, and the old one taken away. */
const conditionLines = (project: string, policy: string, {name, ...condition}: JsonObject): string[] => [
  gcloud`alpha monitoring policies conditions create ${policy} --condition=${JSON.stringify(condition)} --project=${project}`,
  ...(typeof name === 'string' ? [gcloud`alpha monitoring policies conditions delete ${name} --project=${project}`] : []),
]

/** `ready`: only that it answers with 2xx; otherwise its JSON must say `"status": "ok"` too. */
export type CheckBody = {id: string; displayName: string; host: string; path: string; period: string; ready: boolean}

const minutes = (period: string): number => Number.parseInt(period, 10) / 60

export const createUptimeCheck = (project: string, {id, displayName, host, path, period, ready}: CheckBody): Change => ({
  id: `create-${id}`,
  title: `Create uptime check ${displayName} on https://${host}${path}`,
  resource: monitoringName(`projects/${project}/uptimeCheckConfigs`),
  request: call(
    'monitoring.projects.uptimeCheckConfigs.create',
    {parent: `projects/${project}`},
    {
      displayName,
      monitoredResource: {type: 'uptime_url', labels: {project_id: project, host}},
      httpCheck: {
        path,
        port: 443,
        useSsl: true,
        validateSsl: true,
        requestMethod: 'GET',
        acceptedResponseStatusCodes: [{statusClass: 'STATUS_CLASS_2XX'}],
      },
      ...(ready
        ? {}
        : {
            contentMatchers: [
              {
                content: '"ok"',
                matcher: 'MATCHES_JSON_PATH',
                jsonPathMatcher: {jsonPath: '$.status', jsonMatcher: 'EXACT_MATCH'},
              },
            ],
          }),
      period,
      timeout: '10s',
      userLabels: marks(id),
    },
  ),
  cost: uptimeCheckCost,
  gcloud: [
    gcloud`monitoring uptime create ${displayName} --resource-type=uptime-url --resource-labels=${`host=${host},project_id=${project}`} --path=${path} --protocol=https --port=443 --validate-ssl=true --status-classes=2xx --period=${minutes(period)} --timeout=10 --user-labels=${markText(id)} --project=${project}` +
      (ready
        ? ''
        : ` --matcher-content='"ok"' --matcher-type=matches-json-path --json-path='$.status' --json-path-matcher-type=exact-match`),
  ],
  undo: `gcloud monitoring uptime delete CHECK --project=${project}`,
  takes: '1 s, first results within 5 min',
})

/** gcloud has no flag that enables a check again; the API has. */
const enableLine = (name: string): string =>
  `curl --fail --request PATCH --header "Authorization: Bearer $(gcloud auth print-access-token)" --header 'Content-Type: application/json' --data '{"disabled": false}' ${quote(`https://monitoring.googleapis.com/v3/${name}?updateMask=disabled`)}`

export type CheckRepair = {enabled: boolean; path?: string; validateSsl: boolean; period?: string}

/** Puts a check right; its host can never be changed. */
export const repairUptimeCheck = (
  project: string,
  id: string,
  {name, displayName}: {name: string; displayName?: string | undefined},
  {enabled, path, validateSsl, period}: CheckRepair,
): Change => {
  const http = {...(path === undefined ? {} : {path}), ...(validateSsl ? {validateSsl: true} : {})}
  const mask = [
    ...(enabled ? ['disabled'] : []),
    ...Object.keys(http).map((field) => `httpCheck.${field}`),
    ...(period === undefined ? [] : ['period']),
  ]
  const flags = [
    ...(path === undefined ? [] : [`--path=${quote(path)}`]),
    ...(validateSsl ? ['--validate-ssl=true'] : []),
    ...(period === undefined ? [] : [`--period=${minutes(period)}`]),
  ]
  return {
    id: `repair-${id}`,
    title: `Put uptime check ${displayName ?? lastSegment(name)} right (${mask.join(', ')})`,
    resource: monitoringName(name),
    request: call(
      'monitoring.projects.uptimeCheckConfigs.patch',
      {name, updateMask: mask.join(',')},
      {
        ...(enabled ? {disabled: false} : {}),
        ...(Object.keys(http).length === 0 ? {} : {httpCheck: http}),
        ...(period === undefined ? {} : {period}),
      },
    ),
    cost: free,
    gcloud: [
      ...(flags.length === 0 ? [] : [`${gcloud`monitoring uptime update ${lastSegment(name)} --project=${project}`} ${flags.join(' ')}`]),
      ...(enabled ? [enableLine(name)] : []),
    ],
    undo: null,
    takes: '1-2 s',
  }
}
