import {parameters, type ParameterName} from '../config/parameters.ts'
import type {Choice} from './asker.ts'

/** Answers so far, by parameter. */
export type Answers = Readonly<Partial<Record<ParameterName, string>>>

/** What is known before anybody is asked. */
export type Known = {
  /** Open billing accounts that the credential sees; empty when that could not be read. */
  billingAccounts: readonly {id: string; name: string}[]
  /** `owner/name` of the repository's remote. */
  githubRepo: string | undefined
  sandbox: boolean
}

/** One question of the interview: which parameter, with which flag, and what a newcomer should know before answering. */
export type ParameterQuestion = {
  name: ParameterName
  flag: string
  message: string
  explain: string
  when?: (answers: Answers, known: Known) => boolean
  choices?: (answers: Answers, known: Known) => readonly Choice[] | undefined
  suggestion?: (answers: Answers, known: Known) => string | undefined
  optional?: boolean
  /** Where nobody is asked, the suggestion is not taken. */
  required?: boolean
}

/** A name for the zone of a domain: its dots as hyphens; names start with a letter and have at most 63 characters. */
const zoneName = (domain: string): string =>
  domain
    .toLowerCase()
    .replaceAll('.', '-')
    .replace(/^(?=[0-9])/, 'zone-')
    .slice(0, 63)
    .replace(/-+$/, '')

/** In the order of asking; the sensible answer first. */
export const questions: readonly ParameterQuestion[] = [
  {
    name: 'env',
    flag: '--env',
    message: 'Which environment?',
    explain:
      'An environment is one complete copy of the application with a Google Cloud project of its own. prod is what customers use; staging is its rehearsal and gets what is merged to develop; dev is for trying things, as cheap as possible. The rules differ: prod must have a database with failover, staging and dev need not.',
    choices: () => [
      {value: 'prod', name: 'prod', about: 'what customers use; about $260 a month'},
      {value: 'staging', name: 'staging', about: 'the rehearsal of prod, deployed from develop; about $30 a month'},
      {value: 'dev', name: 'dev', about: 'for trying things, as cheap as possible; about $13 a month'},
    ],
  },
  {
    name: 'projectId',
    flag: '--project',
    message: 'Id of the Google Cloud project',
    explain:
      'A project is the box in which everything of this environment lives and is paid for. Its id is 6 to 30 lower-case letters, digits and hyphens, unique in all of Google Cloud, and can never be changed or used again. If the project does not exist, it will be created; if it does, it will be used as it is.',
    required: true,
    suggestion: ({env = 'prod'}, {githubRepo}) => {
      const owner = githubRepo?.split('/')[0]?.toLowerCase()
      const own = `${owner ?? ''}-qlogic-${env}`
      return owner !== undefined && parameters.projectId.schema.safeParse(own).success ? own : `qlogic-${env}`
    },
  },
  {
    name: 'billingAccount',
    flag: '--billing-account',
    message: 'Billing account that pays for it',
    explain:
      'Google charges a billing account, which belongs to your company or to you. Without one almost nothing can be created. The list shows the open accounts that you may see; if it is empty, somebody with the role Billing Account User has to link the project, or you open one at https://console.cloud.google.com/billing.',
    optional: true,
    choices: (_, {billingAccounts}) =>
      billingAccounts.length === 0 ? undefined : billingAccounts.map(({id, name}) => ({value: id, name: id, about: name})),
  },
  {
    name: 'region',
    flag: '--region',
    message: 'Region: where data and machines are',
    explain:
      'Choose the one closest to your users, and one that your customers accept for their data. Everything goes into one region; moving later means building it anew. us-central1 is the cheapest and has every product.',
    choices: () => [
      {value: 'us-central1', name: 'us-central1', about: 'Iowa; lowest prices'},
      {value: 'us-east1', name: 'us-east1', about: 'South Carolina'},
      {value: 'europe-west1', name: 'europe-west1', about: 'Belgium'},
      {value: 'europe-west3', name: 'europe-west3', about: 'Frankfurt'},
      {value: 'asia-southeast1', name: 'asia-southeast1', about: 'Singapore'},
      {value: 'australia-southeast1', name: 'australia-southeast1', about: 'Sydney'},
    ],
  },
  {
    name: 'compute',
    flag: '--compute',
    message: 'What shall the application run on?',
    explain:
      'Cloud Run runs containers without any cluster to look after and is billed by use: the plan recommends it to begin with. GKE Autopilot is Kubernetes with managed nodes, for many services or special needs; the cluster alone is about $73 a month. You can change over later.',
    choices: () => [
      {value: 'cloud-run', name: 'Cloud Run', about: 'no cluster to manage; about $30 a month, in dev by use'},
      {value: 'gke-autopilot', name: 'GKE Autopilot', about: 'Kubernetes; about $73 a month for the cluster, plus pods'},
    ],
  },
  {
    name: 'vpcAccess',
    flag: '--vpc-access',
    message: 'How shall Cloud Run reach the database?',
    explain:
      'The database has no public address, so Cloud Run needs a way into the private network. Direct VPC egress is the newer way: nothing to run, nothing to pay. A Serverless VPC Access connector is what the plan names; it is two small machines, about $13 a month.',
    when: ({compute}) => compute !== 'gke-autopilot',
    choices: () => [
      {value: 'direct', name: 'Direct VPC egress', about: 'nothing to run or pay'},
      {value: 'connector', name: 'VPC connector', about: 'two small machines, about $13 a month'},
    ],
  },
  {
    name: 'domain',
    flag: '--domain',
    message: 'Domain name of the application',
    explain:
      'Such as qlogic.acme.example. People reach the application by this name; certificate, load balancer and monitoring need it. It must be a name that you own or can add records to. Without it those parts wait.',
    optional: true,
    when: ({env}) => env !== 'dev',
  },
  {
    name: 'dnsZone',
    flag: '--dns-zone',
    message: 'Who answers for that domain in DNS?',
    explain:
      'If Google Cloud DNS hosts the zone, the address record is written for you and the registrar has to name Google’s name servers once. If somebody else hosts it (your registrar, Cloudflare, an IT department), you get the exact record to create there.',
    optional: true,
    when: ({env, domain}) => env !== 'dev' && domain !== undefined,
    choices: ({domain = ''}) => [
      {value: '', name: 'somebody else', about: 'you get the record to create there', flag: 'without --dns-zone'},
      {value: zoneName(domain), name: 'Cloud DNS', about: 'a zone in this project, about $0.20 a month'},
    ],
  },
  {
    name: 'notificationEmail',
    flag: '--notification-email',
    message: 'E-mail address that alerts go to',
    explain:
      'Alerts about errors, slowness, the database and outages are sent there. A shared address is better than a person’s. Without it no alert policy is made.',
    optional: true,
  },
  {
    name: 'ci',
    flag: '--ci',
    message: 'Who builds and deploys?',
    explain:
      'GitHub Actions signs in to Google Cloud without any key (workload identity federation). Cloud Build is Google’s own; connecting it to GitHub needs a consent in the browser.',
    choices: () => [
      {value: 'github-actions', name: 'GitHub Actions', about: 'signs in without a key'},
      {value: 'cloud-build', name: 'Cloud Build', about: 'Google’s own; one consent in the browser'},
    ],
  },
  {
    name: 'githubRepo',
    flag: '--github-repo',
    message: 'GitHub repository that deploys, as OWNER/NAME',
    explain:
      'Only workflows of this repository will be let in to deploy. Without it the way in is not made, because it would be open to every repository on GitHub.',
    optional: true,
    suggestion: (_, {githubRepo}) => githubRepo,
  },
]

/** True, or what was expected instead. */
export const checkAnswer =
  (name: ParameterName) =>
  (answer: string): true | string => {
    const result = parameters[name].schema.safeParse(answer)
    return result.success ? true : `expected ${result.error.issues[0]?.message ?? 'another value'}`
  }
