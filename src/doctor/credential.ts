import {examineCredential} from '../gcp/examine-credential.ts'
import {diagnosis, type Diagnosis} from './diagnosis.ts'

const kinds: Readonly<Record<string, string>> = {
  authorized_user: "a person's own",
  service_account: 'a service-account key',
  external_account: 'workload identity federation',
  impersonated_service_account: 'an impersonated service account',
  metadata: "the machine's own (metadata server)",
}
const login = 'gcloud auth application-default login'

/** Which credential qlogic would use, whose it is, until when, and which project pays for its calls. */
export const examineCredentials = async (
  env: Readonly<Record<string, string | undefined>>,
  {simulated, now, project}: {simulated: boolean; now: Date; project: string | undefined},
): Promise<Diagnosis[]> => {
  if (simulated) return [diagnosis('credential', 'ok', 'The simulator is used: no credential is read or sent.')]
  const found = await examineCredential(env)
  if (found === undefined)
    return [diagnosis('credential', 'fail', 'There are no application-default credentials on this machine.', `${login}, or add --sandbox`)]
  const {kind, file, principal, expires, quotaProject, problem} = found
  const from = file === undefined ? '' : `, from ${file}`
  const minutes = expires === undefined ? undefined : Math.round((expires.getTime() - now.getTime()) / 60_000)
  const until = minutes === undefined ? '' : `; the access token is good for ${minutes} min and renewed by itself`
  const whose = diagnosis('credential', 'ok', `${kinds[kind] ?? kind}: ${principal}${from}${until}.`)
  const main =
    problem !== undefined
      ? diagnosis('credential', 'fail', `${kinds[kind] ?? kind}${from} gives no access token: ${problem}`, login)
      : kind === 'service_account'
        ? diagnosis(
            'credential',
            'note',
            `${whose.says} A long-lived key can leak; impersonation or federation needs none.`,
            'qlogic explain project.terraform-sa-credential',
          )
        : whose
  const quota =
    kind === 'authorized_user' && quotaProject === undefined
      ? diagnosis(
          'quota-project',
          'note',
          'The credential names no project whose quota is used; some APIs refuse it then.',
          `gcloud auth application-default set-quota-project ${project ?? 'PROJECT'}`,
        )
      : diagnosis(
          'quota-project',
          'ok',
          quotaProject === undefined ? 'Not needed with this kind of credential.' : `Quota of ${quotaProject} is used.`,
        )
  return [main, quota]
}
