import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Place, type Root, type TerraformFacts, type Value} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, unreadable, type Target} from '../targets.ts'
import {concludeTerraform, made, registryCalls, titleOf} from '../terraform-resources.ts'
import {secretsMeant, secretTypes} from '../terraform-secrets.ts'
import {runWorkloads, secretReferences} from '../terraform-services.ts'
import {described, isOpen, textOf, valueAt} from '../terraform-values.ts'

const judge = (facts: TerraformFacts, root: Root, place: Place, secret: Value | undefined): Target => {
  const expected = `a secret that ${titleOf(root)} makes`
  if (secret === undefined) return missed(place, expected, 'no secret is named')
  const [found] = secretsMeant(root, secret)
  if (found !== undefined)
    return found.maybe ? undecided(secret, expected, `${found.address} may or may not be made`) : held(secret, expected, found.address)
  // The same environment may be made in several layers, each with a state of its own.
  const layers = facts.roots.filter((other) => other !== root && other.environment === root.environment && other.folder !== root.folder)
  const elsewhere = layers.flatMap((other) => secretsMeant(other, secret))[0]
  if (elsewhere !== undefined) return held(secret, expected, `${elsewhere.address} of another root`)
  const [unread] = root.unread
  if (unread !== undefined) return unreadable(unread, expected)
  const text = textOf(secret)
  const unnamed = made(root, ...secretTypes).find(({body, maybe}) => maybe || isOpen(valueAt(body, 'secret_id') ?? body))
  const module = registryCalls(root, /secret/)[0]
  if (text !== undefined && unnamed === undefined && module === undefined) return missed(secret, expected, `${text} is not made here`)
  return undecided(secret, expected, text === undefined ? described(secret) : `${text}, and not every secret's name is known`)
}

/** Dev is no rehearsal if it alone goes without the secrets. */
const devWithout = ({roots}: TerraformFacts): Target[] => {
  const makes = (root: Root) => made(root, ...secretTypes).length > 0 || registryCalls(root, /secret-manager/).length > 0
  const dev = roots.filter(({environment, assumed}) => environment === 'dev' && !assumed)
  const [first] = dev
  const runs = runWorkloads({roots: dev}).length > 0
  if (first === undefined || !runs || dev.some(makes) || !roots.some((root) => root.environment !== 'dev' && makes(root))) return []
  return [missed({file: first.files[0] ?? first.folder, line: 1}, 'secrets in dev as in the other environments', 'dev makes none')]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const targets = runWorkloads(terraform).flatMap((workload) =>
      secretReferences(workload).map(({secret, ...place}) => judge(terraform, workload.root, {file: place.file, line: place.line}, secret)),
    )
    const all = [...targets, ...devWithout(terraform)]
    if (all.length === 0) return notApplicable('NO_SECRET_REFERENCES')
    return concludeTerraform(all, {pass: 'SECRETS_EXIST', fail: 'SECRET_MISSING', partly: 'SOME_SECRETS_MISSING'})
  },
})
