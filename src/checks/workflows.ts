import {isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Node} from 'yaml'
import {environments, type Environment} from '../config/parameters.ts'

/** A piece of text in a workflow, with its 1-based line and the keys that lead to it (`steps.with.service`). */
type Text = {text: string; line: number; key: string}
type Job = {condition: string; texts: readonly Text[]; calls: string | undefined}
/** `push`: patterns of the branches whose pushes start it; undefined: no push does. */
export type Workflow = {
  path: string
  push: {branches: readonly string[]; ignored: readonly string[]; line: number} | undefined
  /** Of the whole file; those of its jobs are among them. */
  texts: readonly Text[]
  jobs: readonly Job[]
}
export type TextFile = {path: string; text: string}
export type Place = {file: string; line: number; actual: string}

const asText = (node: unknown): string | undefined => (isScalar(node) ? (node.source ?? String(node.value)) : undefined)
const list = (node: unknown): string[] => {
  const one = asText(node)
  if (one !== undefined) return [one]
  return isSeq(node) ? node.items.flatMap((item) => asText(item) ?? []) : []
}

/** A workflow as far as deploying is concerned; undefined for text that is no workflow. Anchors are not expanded, nothing is run. */
export const readWorkflow = ({path, text}: TextFile): Workflow | undefined => {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, logLevel: 'silent'})
  const root = document.contents
  if (document.errors.length > 0 || !isMap(root)) return undefined
  const lineOf = (node: {range?: readonly number[] | null | undefined} | null | undefined): number =>
    lines.linePos(node?.range?.[0] ?? 0).line
  const pairOf = (wanted: string) =>
    // By YAML 1.1 the key `on` is true.
    root.items.find(({key}) => asText(key) === wanted || (wanted === 'on' && isScalar(key) && key.value === true))
  const textsIn = (node: Node | null): Text[] => {
    const found: Text[] = []
    if (node !== null)
      visit(node, {
        Scalar: (key, scalar, ancestors) => {
          if (key === 'key') return
          const names = ancestors.flatMap((one) => (isPair(one) ? (asText(one.key) ?? []) : []))
          found.push({text: String(scalar.value), line: lineOf(scalar), key: names.join('.')})
        },
      })
    return found
  }
  const on = pairOf('on')?.value
  const jobs = pairOf('jobs')?.value
  return {
    path,
    push: pushOf(on, lineOf),
    texts: textsIn(root),
    jobs: isMap(jobs)
      ? jobs.items.flatMap(({value}): Job[] => {
          if (!isMap(value)) return []
          return [{condition: asText(value.get('if', true)) ?? '', texts: textsIn(value), calls: asText(value.get('uses', true))}]
        })
      : [],
  }
}

const pushOf = (on: unknown, lineOf: (node: Node) => number): Workflow['push'] => {
  if ((isScalar(on) || isSeq(on)) && list(on).includes('push')) return {branches: ['**'], ignored: [], line: lineOf(on)}
  if (!isMap(on)) return undefined
  const pair = on.items.find(({key}) => asText(key) === 'push')
  if (pair === undefined) return undefined
  const line = isScalar(pair.key) ? lineOf(pair.key) : 1
  if (!isMap(pair.value)) return {branches: ['**'], ignored: [], line}
  const branches = list(pair.value.get('branches', true))
  const ignored = list(pair.value.get('branches-ignore', true))
  // With tags alone no push to a branch starts it.
  const onlyTags = branches.length === 0 && ignored.length === 0 && (pair.value.has('tags') || pair.value.has('tags-ignore'))
  return {branches: branches.length > 0 ? branches : onlyTags ? [] : ['**'], ignored, line}
}

/** GitHub's patterns: `*` stops at a slash, `**` does not. */
const matches = (pattern: string, branch: string): boolean => {
  const source = pattern.replaceAll(/\*\*|\*|\?|\+|\[[^\]]*\]|[^]/g, (token) => {
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?' || token === '+' || token.length > 1) return token
    return token.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  })
  try {
    return new RegExp(`^${source}$`).test(branch)
  } catch {
    return false
  }
}

/** Whether a push to the branch starts it: the last pattern that matches decides. */
export const startsOn = ({push}: Workflow, branch: string): boolean => {
  if (push === undefined || push.ignored.some((pattern) => matches(pattern, branch))) return false
  const last = push.branches.findLast((pattern) => matches(pattern.replace(/^!/, ''), branch))
  return last !== undefined && !last.startsWith('!')
}

const deployment =
  /\bgcloud\s+(?:(?:alpha|beta)\s+)?run\s+(?:deploy|services\s+(?:update|replace|update-traffic))\b|deploy-cloudrun@|\bkubectl\s+(?:apply|set\s+image)\b|\bhelm\s+(?:upgrade|install)\b/

const byPath = (workflows: readonly Workflow[], called: string | undefined): Workflow | undefined => {
  const path = called?.replace(/^\.\//, '').replace(/@.*$/, '')
  return workflows.find((one) => one.path === path)
}

/** The workflow and those of the repository that it calls. */
const withCalled = (workflows: readonly Workflow[], first: Workflow): Workflow[] => {
  const found = [first]
  for (const workflow of found)
    for (const {calls} of workflow.jobs) {
      const called = byPath(workflows, calls)
      if (called !== undefined && !found.includes(called)) found.push(called)
    }
  return found
}

/** Those that deploy, by themselves or through what they call. */
export const deploying = (workflows: readonly Workflow[]): Workflow[] =>
  workflows.filter((one) => withCalled(workflows, one).some(({texts}) => texts.some(({text}) => deployment.test(text))))

const words: Readonly<Record<Environment, RegExp>> = {
  prod: /(?<![A-Za-z/])prod(uction)?(?![A-Za-z])/i,
  staging: /(?<![A-Za-z/])stag(e|ing)(?![A-Za-z])/i,
  dev: /(?<![A-Za-z/])dev(elopment)?(?![A-Za-z/])/i,
}
const environmentsIn = (text: string): Environment[] => environments.filter((env) => words[env].test(text))

/** What is chosen for the branch by an expression (`ref == 'main' && 'x' || 'y'`) or by a shell's `if` and `case`. */
const chosenFor = (text: string, branch: string): Environment[] => {
  const found: Environment[] = []
  const expressions = [
    ...text.matchAll(/['"](?:refs\/heads\/)?([^'"\s]+)['"]\s*\)*\s*&&\s*\(*\s*['"]([^'"]*)['"](?:\s*\)*\s*\|\|\s*['"]([^'"]*)['"])?/g),
  ]
  const own = expressions.find(([, name]) => name === branch)
  if (own !== undefined) found.push(...environmentsIn(own[2] ?? ''))
  else for (const [, , , otherwise] of expressions) found.push(...environmentsIn(otherwise ?? ''))
  for (const [, test = '', then = '', otherwise = ''] of text.matchAll(
    /\bif\s+([^\n;]*)[;\n]\s*then\b([^]*?)(?:\belse\b([^]*?))?\bfi\b/g,
  )) {
    const name = /(?:refs\/heads\/|["'\s=])([\w./-]+)["']?\s*\]/.exec(test)?.[1]?.replace(/^refs\/heads\//, '')
    if (name !== undefined) found.push(...environmentsIn(name === branch ? then : otherwise))
  }
  for (const [, names = '', then = ''] of text.matchAll(/^\s*\(?([\w./|"' -]+)\)([^]*?);;/gm))
    if (
      names.split('|').some(
        (name) =>
          name
            .trim()
            .replaceAll(/["']/g, '')
            .replace(/^refs\/heads\//, '') === branch,
      )
    )
      found.push(...environmentsIn(then))
  return found
}

/** A job that its condition keeps from running for the branch. */
const isSkipped = ({condition}: Job, branch: string): boolean => {
  const equal = [...condition.matchAll(/==\s*['"](?:refs\/heads\/)?([^'"]+)['"]/g)].map(([, name]) => name)
  const refs = /\bgithub\.(ref|ref_name|base_ref|head_ref)\b/.test(condition)
  if (!refs) return false
  if (new RegExp(`!=\\s*['"](?:refs/heads/)?${branch.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}['"]`).test(condition)) return true
  return equal.length > 0 && !equal.includes(branch)
}

/** Where a push to a branch leads. `dynamic`: an environment that is only known when it runs. */
export type Lead = {environments: ReadonlySet<Environment>; dynamic: Place | undefined; started: Place[]}

export const leadOf = (workflows: readonly Workflow[], branch: string): Lead => {
  const started = deploying(workflows).filter((one) => startsOn(one, branch))
  const whole = started.flatMap((one) => withCalled(workflows, one))
  const chosen = whole.flatMap(({texts}) => texts.flatMap(({text}) => chosenFor(text, branch)))
  const jobs = whole.flatMap(({path, jobs: all}) => all.filter((job) => !isSkipped(job, branch)).map((job) => ({path, job})))
  const named = jobs.flatMap(({job}) =>
    job.texts.flatMap(({key, text}) =>
      /(environment(\.name)?|env|stage|target)$/i.test(key) && !text.includes('${{') ? environmentsIn(text) : [],
    ),
  )
  const services = jobs.flatMap(({job}) =>
    job.texts.flatMap(({text}) => [...text.matchAll(/\bqlogic-[\w-]+/g)].flatMap(([name]) => environmentsIn(name))),
  )
  const found = [chosen, named, services].find((some) => some.length > 0) ?? []
  const dynamic = jobs.flatMap(({path, job}) =>
    job.texts
      .filter(({key, text}) => /environment/i.test(key) && !key.endsWith('.url') && text.includes('${{'))
      .map(({text, line}) => ({file: path, line, actual: text})),
  )[0]
  return {
    environments: new Set(found),
    dynamic: found.length > 0 ? undefined : dynamic,
    started: started.map(({path, push}) => ({file: path, line: push?.line ?? 1, actual: push?.branches.join(', ') ?? ''})),
  }
}

type Command = Place & {service: string; text: string}

const unfold = (text: string): string => text.replaceAll(/\\\n\s*/g, ' ')

/** Deployments to Cloud Run that a push to the branch runs. */
const commandsFor = (workflows: readonly Workflow[], branch: string): Command[] =>
  deploying(workflows)
    .filter((one) => startsOn(one, branch))
    .flatMap((one) => withCalled(workflows, one))
    .flatMap(({path, jobs}) =>
      jobs
        .filter((job) => !isSkipped(job, branch))
        .flatMap(({texts}) =>
          texts.flatMap(({text, line, key}): Command[] => {
            if (key.endsWith('with.service')) return [{file: path, line, actual: text, service: text, text}]
            return unfold(text)
              .split('\n')
              .flatMap((command, offset): Command[] => {
                const found = /\bgcloud\s+(?:(?:alpha|beta)\s+)?run\s+(?:deploy|services\s+(?:update|update-traffic))\s+(.*)$/.exec(command)
                if (found === null) return []
                const service =
                  (found[1] ?? '')
                    .replaceAll(/--[\w-]+=(?:"[^"]*"|'[^']*'|\S)*/g, '')
                    .trim()
                    .split(/\s+(?=[^}]*(?:\$|$))/)[0] ?? ''
                // A block scalar begins below its key.
                const at = line + (text.includes('\n') ? offset + 1 : 0)
                return [{file: path, line: at, actual: service, service: service.replaceAll(/["']/g, ''), text: command.trim()}]
              })
          }),
        ),
    )

/** Services that are deployed under names other than these; what a variable makes of a name is taken to fit where it can. */
export const otherServices = (workflows: readonly Workflow[], branch: string, names: readonly string[]): Place[] =>
  commandsFor(workflows, branch).filter(({service}) => {
    if (service === '' || service.startsWith('-')) return false
    const parts = service.split(/\$\{\{[^}]*\}\}|\$\{\w+\}|\$\w+/)
    const pattern = new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.+')}$`)
    return !names.some((name) => pattern.test(name))
  })

/** Where the application is told another environment than it knows: it expects `production`, not `prod`. */
export const otherEnvironmentNames = (workflows: readonly Workflow[]): Place[] =>
  deploying(workflows).flatMap((one) =>
    withCalled(workflows, one).flatMap(({path, texts}) =>
      texts.flatMap(({text, line, key}) => {
        const found = /(^|\.)ENVIRONMENT$/.test(key)
          ? /^(prod|stage|dev)$/.exec(text)
          : /\bENVIRONMENT=["']?(prod|stage|dev)(?![a-z])/.exec(text)
        return found === null ? [] : [{file: path, line, actual: found[1] ?? ''}]
      }),
    ),
  )

/** Deployments that replace every variable and say neither network, account nor secrets. */
export const bareDeployments = (workflows: readonly Workflow[], branch: string): Place[] =>
  commandsFor(workflows, branch).flatMap(({file, line, text}) => {
    if (!/\brun\s+deploy\b/.test(text) || !text.includes('--set-env-vars')) return []
    const wanted = [/--(vpc-connector|network|subnet)\b/, /--service-account\b/, /--(set|update)-secrets\b/]
    const names = ['--network', '--service-account', '--set-secrets']
    const missing = names.filter((_, place) => wanted[place]?.test(text) !== true)
    return missing.length === 0 ? [] : [{file, line, actual: `without ${missing.join(', ')}`}]
  })
