import type {Job, Workflow} from '../repo/workflows/facts.ts'

/** Inputs of google-github-actions/auth and its like that say who somebody is and prove nothing. */
const inputs: ReadonlySet<string> = new Set([
  ...['workload_identity_provider', 'service_account', 'project_id', 'project', 'region', 'location', 'audience'],
])

const named =
  /(?:^|_)(?:WIF|WORKLOAD_IDENTITY)(?:_|$)|(?:^|_)PROJECT(?:_ID|_NUMBER|_NAME)?$|(?:^|_)(?:SERVICE_ACCOUNT|SA)_(?:EMAIL|NAME|ID)$|(?:^|_)(?:REGION|LOCATION|ZONE)$/i
const proof = /KEY|JSON|TOKEN|CREDENTIAL|PASSW|PRIVATE|SECRET/i

/**
 * Whether a secret only holds an identifier, kept there for neatness: of workload identity, of an account, of a project. Google's own
 * documentation has them in plain text: https://github.com/google-github-actions/auth#inputs-workload-identity-federation
 */
export const isIdentifier = ({secret, file, line}: Workflow['secrets'][number], job: Job | undefined): boolean => {
  if (proof.test(secret)) return false
  if (named.test(secret)) return true
  return (
    job?.steps.some(({uses, with: given}) =>
      uses === undefined
        ? false
        : Object.entries(given).some(
            ([name, text]) =>
              inputs.has(name.toLowerCase()) && text.file === file && text.line === line && text.text.includes(`secrets.${secret}`),
          ),
    ) === true
  )
}
