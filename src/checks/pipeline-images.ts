import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {splitAt, textOf, valuesOf, type Word} from '../repo/workflows/words.ts'
import {allActs, flagOf, wordsOf, type Act} from './pipeline-acts.ts'
import {doingOf} from './pipeline-tools.ts'
import {missed, type Target} from './targets.ts'

/** References that an act pushes. */
export const pushedBy = (act: Act): Word[] => {
  const pushes = doingOf(act)?.stages.includes('push') === true
  if (!pushes) return []
  const given = act.step.with['tags']
  const [name] = wordsOf(act)
  const last = name === 'docker' && wordsOf(act).includes('push') ? (act.command?.program ?? []).slice(-1) : []
  const flags = ['-t', '--tag', '--destination'].flatMap((flag) => flagOf(act, flag) ?? [])
  return [
    ...(given === undefined ? [] : splitAt(given, '\n').flatMap((line) => splitAt(line, ','))),
    ...last,
    ...(flags.length > 0 ? [flags] : []),
  ].filter((word) => textOf(word).trim() !== '')
}

const latest = (word: Word): string | undefined =>
  (valuesOf(word) ?? [textOf(word)]).map((text) => text.trim()).find((text) => text.endsWith(':latest'))

/** A tag `latest` that pushes to more than one branch move, or a pull request. */
export const sharedTags = (facts: WorkflowFacts): Target[] => {
  const found = new Map<string, {act: Act; branches: Set<string>}>()
  for (const act of allActs(facts)) {
    const metadata =
      act.step.uses?.action === 'docker/metadata-action'
        ? textOf(act.step.with['tags'] ?? [])
            .split('\n')
            .find((line) => /value=latest\b/.test(line) && !/enable=/.test(line))
        : undefined
    const tag =
      metadata ??
      pushedBy(act)
        .map(latest)
        .find((one) => one !== undefined)
    if (tag === undefined) continue
    const {name, branch} = act.run.event
    const key = `${act.place.file}:${act.place.line} ${tag}`
    const known = found.get(key) ?? {act, branches: new Set<string>()}
    known.branches.add(name === 'push' || name === 'workflow_run' ? (branch ?? name) : name)
    found.set(key, known)
  }
  const byTag = new Map<string, Set<string>>()
  for (const [key, {branches}] of found) {
    const tag = key.slice(key.indexOf(' ') + 1)
    byTag.set(tag, new Set([...(byTag.get(tag) ?? []), ...branches]))
  }
  return [...found].flatMap(([key, {act}]) => {
    const tag = key.slice(key.indexOf(' ') + 1)
    const branches = [...(byTag.get(tag) ?? [])]
    return branches.length > 1 ? [missed(act.place, 'no tag that more than one branch moves', `${tag} from ${branches.join(', ')}`)] : []
  })
}
