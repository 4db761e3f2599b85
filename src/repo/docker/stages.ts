import {posix} from 'node:path'
import type {Dockerfile, DockerVariable, Instruction, Stage} from './dockerfiles.ts'

/** The stage and those it starts from, the oldest first. */
export const lineageOf = (dockerfile: Dockerfile, stage: Stage): Stage[] => {
  const line = [stage]
  for (let at = stage; 'stage' in at.base;) {
    const before = dockerfile.stages[at.base.stage]
    // A stage can only start from an earlier one, so this ends.
    if (before === undefined || before.index >= at.index) break
    line.unshift(before)
    at = before
  }
  return line
}

/** Instructions of a kind that take effect in the stage, inherited ones first. */
export const instructionsIn = (dockerfile: Dockerfile, stage: Stage, ...keywords: readonly string[]): Instruction[] =>
  lineageOf(dockerfile, stage).flatMap(({instructions}) => instructions.filter(({keyword}) => keywords.includes(keyword)))

/** The last instruction of a kind: of USER, CMD, ENTRYPOINT and HEALTHCHECK only that one counts. */
export const lastIn = (dockerfile: Dockerfile, stage: Stage, keyword: string): Instruction | undefined =>
  instructionsIn(dockerfile, stage, keyword).at(-1)

/** The image outside the file that the stage is built upon; `image` is absent when it is only known at build time. */
export const baseOf = (dockerfile: Dockerfile, stage: Stage): {line: number; text: string; image?: string} => {
  const [oldest = stage] = lineageOf(dockerfile, stage)
  return {line: oldest.line, text: oldest.text, ...('image' in oldest.base && {image: oldest.base.image})}
}

/** Variables that ENV sets in the stage; a later one of the same name stands last. */
export const environmentIn = (dockerfile: Dockerfile, stage: Stage): DockerVariable[] =>
  lineageOf(dockerfile, stage).flatMap(({env}) => env)

/** Stages that the stage takes files from (`COPY --from`, `RUN --mount=from=`) or starts from, itself among them. */
export const neededBy = (dockerfile: Dockerfile, stage: Stage): Stage[] => {
  const needed = new Set<Stage>()
  const open = [stage]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (needed.has(one)) continue
    needed.add(one)
    open.push(...lineageOf(dockerfile, one), ...copiedFrom(dockerfile, one))
  }
  return dockerfile.stages.filter((one) => needed.has(one))
}

/** Earlier stages that a stage itself takes files from. */
export const copiedFrom = (dockerfile: Dockerfile, stage: Stage): Stage[] =>
  stage.instructions.flatMap(({keyword, flags}) => {
    const from = flags.flatMap(({name, value}) => {
      if (name === 'from' && (keyword === 'COPY' || keyword === 'ADD')) return [value]
      return name === 'mount' ? value.split(',').flatMap((part) => (part.startsWith('from=') ? [part.slice(5)] : [])) : []
    })
    return from.flatMap((name) => stageCalled(dockerfile, name, stage.index) ?? [])
  })

/** A stage by its name or number, of those before another. */
export const stageCalled = ({stages}: Dockerfile, name: string, before = stages.length): Stage | undefined =>
  stages.slice(0, before).findLast((one) => one.name === name.toLowerCase()) ??
  (/^\d+$/.test(name) ? stages.slice(0, before)[Number(name)] : undefined)

/** The folder in which the stage ends up, relative steps of WORKDIR followed; undefined when one is only known at build time. */
export const workdirIn = (dockerfile: Dockerfile, stage: Stage): string | undefined => {
  let at = '/'
  for (const {resolved} of instructionsIn(dockerfile, stage, 'WORKDIR')) {
    if (resolved === undefined) return undefined
    at = posix.resolve('/', at, resolved)
  }
  return at
}
