import type {FileEvidence} from '../engine/finding.ts'
import type {Models} from '../repo/application/models.ts'
import type {AlembicEnvironment, Revisions} from '../repo/application/revisions.ts'
import {held, missed, type Target} from './targets.ts'

/** Whether the revisions of an environment are one line from one base to one head; branches with labels of their own are lines of their own. */
export const historyTargets = ({file, line, missing, location, revisions, bases, heads, broken}: AlembicEnvironment): Target[] => {
  const place = {file, line}
  const [first] = revisions
  const of = (id: string | undefined) => revisions.find((one) => one.id === id)
  const labelled = bases.length > 1 && bases.every((id) => (of(id)?.labels.length ?? 0) > 0) && heads.length <= bases.length
  const ends = (ids: readonly string[], what: 'base' | 'head'): Target => {
    const at = of(ids[0]) ?? first ?? place
    const expected = `one ${what} revision`
    if (ids.length === 1) return held(at, expected, ids[0] ?? '')
    if (ids.length > 1 && labelled) return held(at, expected, `one for each labelled branch: ${ids.join(', ')}`)
    return missed(of(ids[1]) ?? at, expected, ids.length === 0 ? 'none' : ids.join(', '))
  }
  return [
    ...(missing ? [missed(place, `env.py in ${location}`, 'no such file')] : []),
    ...broken.map((one) => missed(one, 'an unbroken chain of revisions', one.why)),
    ends(bases, 'base'),
    ends(heads, 'head'),
  ]
}

/** Where the revisions should be, for a repository that has none. */
export const noRevisions = ({tables}: Pick<Models, 'tables'>, {environments}: Pick<Revisions, 'environments'>): FileEvidence[] => {
  const [environment] = environments
  const [table] = tables
  const place = environment ?? table
  return place === undefined
    ? []
    : [
        {
          file: place.file,
          line: place.line,
          expected: 'revisions of Alembic that make the tables',
          actual: environment === undefined ? 'no environment of Alembic' : `no revision in ${environment.versions.join(', ')}`,
        },
      ]
}
