import {fail, notApplicable} from '../../engine/finding.ts'
import {readBaseline} from '../../repo/application/baseline.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, dynamic, held, missed} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({baseline: await read(readBaseline), revisions: await read(readRevisions)}),
  evaluate: ({baseline, revisions}) => {
    const all = revisions.environments.flatMap((one) => one.revisions)
    const [unread] = revisions.unread
    if (all.length === 0)
      return unread === undefined ? notApplicable('NO_REVISIONS') : dynamic(`${unread.file}:${unread.line}: ${unread.why}`)
    const expected = 'alembic stamp of a revision, for databases that create_all made'
    const bases = revisions.environments.flatMap((one) => one.bases)
    const base = all.find(({id}) => id !== undefined && bases.includes(id)) ?? all[0]
    if (baseline.stamps.length === 0 && base !== undefined)
      return fail('NO_BASELINE_PATH', [{file: base.file, line: base.line, expected, actual: 'no document, script or code has it'}])
    const named = new Set([...all.flatMap(({id, labels}) => [id, ...labels]), 'head', 'heads', 'base'])
    // A shortened id stands for the one that begins so.
    const exists = (target: string) =>
      [...named].some((id) => id === target || (target.length > 2 && id?.startsWith(target) === true)) || target.includes('@')
    const usable = baseline.stamps.map((stamp) => {
      if (stamp.target === 'base') return missed(stamp, expected, 'stamp base, which says that nothing is there')
      if (stamp.target !== undefined && /\d/.test(stamp.target) && !exists(stamp.target))
        return missed(stamp, expected, `stamp ${stamp.target}, which is no revision`)
      return held(stamp, expected, `stamp ${stamp.target ?? 'of a revision'}`)
    })
    // One way in is enough.
    const good = usable.filter(({verdict}) => verdict === 'held')
    return concludeTargets(good.length > 0 ? good : usable, {pass: 'BASELINE_DESCRIBED', fail: 'BASELINE_CANNOT_WORK'})
  },
})
