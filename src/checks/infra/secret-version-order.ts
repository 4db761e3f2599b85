import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, made} from '../terraform-resources.ts'
import {secretsMeant, versionTypes} from '../terraform-secrets.ts'
import {runWorkloads, secretReferences, type RunWorkload} from '../terraform-services.ts'
import {allRefs, described, textOf, valueAt} from '../terraform-values.ts'

/** Everything that must be there before a resource, by reference and by `depends_on`, however far. */
const before = (root: Root, resource: Resource): Set<string> => {
  const found = new Set<string>()
  const open = [resource]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const wanted = [...allRefs(one.body).filter((ref) => !/(^|\.)module\.[^.]+$/.test(ref)), ...one.dependsOn]
    for (const other of root.resources) {
      if (found.has(other.address) || !wanted.some((ref) => leadsTo(ref, other.address))) continue
      found.add(other.address)
      open.push(other)
    }
  }
  return found
}

/** A dependency on a resource is one on all of its instances, one on a module on all that it makes. */
const leadsTo = (ref: string, address: string): boolean =>
  address === ref || address.startsWith(`${ref}[`) || (/(^|\.)module\.[^.]+$/.test(ref) && address.startsWith(`${ref}.`))

const judge = (workload: RunWorkload, earlier: ReadonlySet<string>, reference: ReturnType<typeof secretReferences>[number]): Target[] => {
  const {root} = workload
  const {secret, version} = reference
  const place = {file: reference.file, line: reference.line}
  const pinned = 'a pinned version in production'
  const text = version === undefined ? 'latest' : textOf(version)
  const pin =
    root.environment !== 'prod'
      ? []
      : [
          text === 'latest'
            ? missed(version ?? place, pinned, 'latest')
            : text === undefined && version !== undefined && (version.refs ?? []).length === 0
              ? undecided(version, pinned, described(version))
              : held(version ?? place, pinned, text ?? described(version)),
        ]
  const expected = 'a version that is made before the service'
  const meant = secret === undefined ? [] : secretsMeant(root, secret)
  if (meant.length === 0) return pin
  const versions = made(root, ...versionTypes).filter(({body}) =>
    secretsMeant(root, valueAt(body, 'secret') ?? body).some((one) => meant.includes(one)),
  )
  const first = versions.find(({address}) => earlier.has(address))
  if (first !== undefined) return [...pin, held(place, expected, first.address)]
  const [unordered] = versions
  return [
    ...pin,
    unordered === undefined
      ? missed(place, expected, `no version of ${meant[0]?.address ?? ''} is made`)
      : missed(place, expected, `${unordered.address} may be made after the service`),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const targets = runWorkloads(terraform).flatMap((workload) => {
      const references = secretReferences(workload)
      const earlier = references.length === 0 ? new Set<string>() : before(workload.root, workload.resource)
      return references.flatMap((reference) => judge(workload, earlier, reference))
    })
    if (targets.length === 0) return notApplicable('NO_SECRET_REFERENCES')
    return concludeTerraform(targets, {pass: 'VERSIONS_ORDERED', fail: 'VERSIONS_UNORDERED', partly: 'SOME_VERSIONS_UNORDERED'})
  },
})
