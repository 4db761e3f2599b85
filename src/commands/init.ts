import {Flags} from '@oclif/core'
import {existsSync} from 'node:fs'
import {join, relative, resolve} from 'node:path'
import {BaseCommand} from '../base-command.ts'
import {configName} from '../config/find-config.ts'
import {environments, parameters, type ParameterName} from '../config/parameters.ts'
import {parseConfig, readConfigText} from '../config/qlogic-yaml.ts'
import {addEnvironment, newConfigText, writeConfigFile} from '../config/write-config.ts'
import {QlogicError} from '../errors.ts'
import {choose, input, type Asking} from '../terminal/ask.ts'

const flag = (name: ParameterName, env: string, helpValue: string) => Flags.string({summary: lower(parameters[name].about), env, helpValue})
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

export default class Init extends BaseCommand {
  static override summary = 'Write qlogic.yaml, by questions or flags.'
  static override description =
    'With a qlogic.yaml already there it adds the environment that the file lacks, and keeps everything else as it is.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --env prod --domain qlogic.acme.example --no-input',
  ]
  static override flags = {
    region: flag('region', 'QLOGIC_REGION', 'NAME'),
    'billing-account': flag('billingAccount', 'QLOGIC_BILLING_ACCOUNT', 'ID'),
    parent: flag('parent', 'QLOGIC_PARENT', 'organizations/N'),
    domain: flag('domain', 'QLOGIC_DOMAIN', 'NAME'),
    'github-repo': flag('githubRepo', 'QLOGIC_GITHUB_REPO', 'OWNER/NAME'),
    'notification-email': flag('notificationEmail', 'QLOGIC_NOTIFICATION_EMAIL', 'ADDRESS'),
  }

  async run(): Promise<{schemaVersion: 1; file: string; environment: string}> {
    const {flags} = await this.parse(Init)
    const asking: Asking = {interactive: this.interactive(flags), signal: this.signal}
    const path = resolve(process.cwd(), flags.config ?? configName)
    const text = existsSync(path) ? await readConfigText(path) : undefined
    const shown = relative(process.cwd(), path) || configName
    const existing = text === undefined ? undefined : parseConfig(text, {name: shown, path})

    const env = await environmentOf(flags.env, asking)
    if (existing?.environments[env] !== undefined)
      throw new QlogicError('CONFIG_EXISTS', `${existing.placeOf(['environments', env])}: ${env} is configured already.`, {
        hint: `edit ${shown}, or give --env for another environment`,
      })

    const ask = (name: ParameterName, given: string | undefined, flagName: string, fallback: string | undefined) =>
      given ?? question(name, flagName, fallback, asking)
    const values = {
      projectId: checked('projectId', await ask('projectId', flags.project, '--project', undefined), '--project'),
      region: checked('region', await ask('region', flags.region, '--region', parameters.region.fallback?.prod), '--region'),
      billingAccount: checked(
        'billingAccount',
        await optional('billingAccount', flags['billing-account'], '--billing-account', asking),
        '--billing-account',
      ),
      domain: checked('domain', await optional('domain', flags.domain, '--domain', asking), '--domain'),
      githubRepo: checked('githubRepo', await optional('githubRepo', flags['github-repo'], '--github-repo', asking), '--github-repo'),
      notificationEmail: checked(
        'notificationEmail',
        await optional('notificationEmail', flags['notification-email'], '--notification-email', asking),
        '--notification-email',
      ),
      parent: checked('parent', flags.parent, '--parent'),
    }
    const repo = flags.repo === undefined ? '.' : relative(join(path, '..'), resolve(flags.repo)) || '.'
    await writeConfigFile(
      path,
      text === undefined ? newConfigText({repo, environments: {[env]: values}}) : addEnvironment(text, env, values),
    )
    this.log(
      `${shown} is written for ${env}: project ${values.projectId ?? ''}.\n→ qlogic setup project${flags.config === undefined ? '' : ` --config ${flags.config}`}${env === 'prod' ? '' : ` --env ${env}`}`,
    )
    return {schemaVersion: 1, file: path, environment: env}
  }
}

const environmentOf = async (given: string | undefined, asking: Asking) => {
  const known = environments.find((name) => name === given)
  if (known !== undefined) return known
  if (given !== undefined)
    throw new QlogicError('CONFIG_INVALID', `--env: expected one of ${environments.join(', ')}, found ${given}`, {hint: '--env prod'})
  return choose(
    'Which environment? (--env)',
    [
      {value: 'prod', name: 'prod', description: 'what customers use'},
      {value: 'staging', name: 'staging', description: 'the rehearsal of prod, deployed from develop'},
      {value: 'dev', name: 'dev', description: 'for trying things, as cheap as possible'},
    ],
    asking,
  )
}

const question = (name: ParameterName, flagName: string, fallback: string | undefined, asking: Asking): Promise<string> =>
  input({message: parameters[name].about, flag: flagName, fallback, check: (answer) => problemWith(name, answer) ?? true}, asking)

/** A parameter that may stay unset: asked with an empty answer allowed, never missing where nobody can be asked. */
const optional = async (name: ParameterName, given: string | undefined, flagName: string, asking: Asking): Promise<string | undefined> => {
  if (given !== undefined || !asking.interactive) return given
  const answer = await input(
    {
      message: `${parameters[name].about}; Enter to leave it for later`,
      flag: flagName,
      fallback: '',
      check: (text) => (text === '' ? true : (problemWith(name, text) ?? true)),
    },
    asking,
  )
  return answer === '' ? undefined : answer
}

const problemWith = (name: ParameterName, value: string): string | undefined => {
  const result = parameters[name].schema.safeParse(value)
  return result.success ? undefined : `expected ${result.error.issues[0]?.message ?? 'another value'}`
}

const checked = (name: ParameterName, value: string | undefined, flagName: string): string | undefined => {
  const problem = value === undefined ? undefined : problemWith(name, value)
  if (problem === undefined) return value
  throw new QlogicError('CONFIG_INVALID', `${flagName}: ${problem}, found ${JSON.stringify(value)}`, {hint: 'qlogic init --help'})
}
