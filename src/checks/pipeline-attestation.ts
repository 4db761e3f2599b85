import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf} from '../repo/workflows/words.ts'
import {allActs, flagOf, hasFlag, wordsOf, type Act} from './pipeline-acts.ts'
import {lacking} from './pipeline-branches.ts'
import {held, missed, type Target} from './targets.ts'

const given = (act: Act, name: string): string => textOf(act.step.with[name] ?? [])
const action = (act: Act): string => act.step.uses?.action.toLowerCase() ?? ''
const isOn = (text: string): boolean => text !== '' && !/^(false|disabled|none|0)$/i.test(text)

const makesSbom = (act: Act): boolean => {
  const [name, first] = wordsOf(act)
  if (action(act) === 'docker/build-push-action') return isOn(given(act, 'sbom')) || /type=sbom/.test(given(act, 'attests'))
  if (action(act) === 'docker/bake-action') return isOn(given(act, 'sbom'))
  if (
    /^(anchore\/sbom-action|actions\/attest-sbom)$/.test(action(act)) ||
    (/trivy-action$/.test(action(act)) && /cyclonedx|spdx/.test(given(act, 'format')))
  )
    return true
  return (
    name === 'syft' ||
    (name === 'docker' && (hasFlag(act, '--sbom') || /type=sbom/.test(textOf(flagOf(act, '--attest') ?? [])))) ||
    (name === 'docker' && first === 'sbom') ||
    (name === 'trivy' && /cyclonedx|spdx/.test(textOf(flagOf(act, '--format') ?? []))) ||
    name === 'cdxgen'
  )
}

const attests = (act: Act): boolean => {
  const [name, first] = wordsOf(act)
  if (/^docker\/(build-push|bake)-action$/.test(action(act)))
    return isOn(given(act, 'provenance')) || /type=provenance/.test(given(act, 'attests'))
  if (/^actions\/attest(-build-provenance)?$/.test(action(act)) || action(act).startsWith('slsa-framework/slsa-github-generator'))
    return true
  if (name === 'cosign') return first === 'sign' || first === 'attest'
  return (
    name === 'docker' && (isOn(textOf(flagOf(act, '--provenance') ?? [])) || /type=provenance/.test(textOf(flagOf(act, '--attest') ?? [])))
  )
}

/** A scan of the image, and whether what it finds stops the run. */
const scan = (act: Act): 'gate' | 'report' | undefined => {
  const [name, first, second] = wordsOf(act)
  const gate = (is: boolean) => (is ? ('gate' as const) : ('report' as const))
  if (/trivy-action$/.test(action(act))) {
    const type = given(act, 'scan-type')
    return type !== '' && type !== 'image' ? undefined : gate(/[1-9]/.test(given(act, 'exit-code')))
  }
  if (action(act) === 'anchore/scan-action') return gate(given(act, 'fail-build') !== 'false')
  if (action(act) === 'docker/scout-action') return gate(given(act, 'exit-code') === 'true')
  if (/^snyk\/actions\/docker$/.test(action(act))) return 'gate'
  if (name === 'trivy' && first === 'image') return gate(/[1-9]/.test(textOf(flagOf(act, '--exit-code') ?? [])))
  if (name === 'grype') return gate(hasFlag(act, '--fail-on', '-f'))
  if (name === 'docker' && first === 'scout') return gate(hasFlag(act, '--exit-code', '-e'))
  if (name === 'snyk' && first === 'container' && second === 'test') return 'gate'
  return undefined
}

const tolerated = (act: Act): boolean => act.step.tolerated || act.job.tolerated || act.command?.tolerated !== undefined

/** What a pushed image should come with: a list of its contents, where it came from, and a scan that can stop the release. */
export const attestationTargets = (facts: WorkflowFacts, push: Act): Target[] => {
  const acts = allActs(facts)
  const need = (expected: string, found: Act | undefined): Target =>
    found === undefined ? lacking(facts, push.place, expected, `${push.text} without it`) : held(found.place, expected, found.text)
  const scans = acts.flatMap((act) => {
    const kind = scan(act)
    return kind === undefined ? [] : [{act, gates: kind === 'gate' && !tolerated(act)}]
  })
  const scanned = 'a scan of the image that can stop the release'
  const gate = scans.find(({gates}) => gates)
  const [report] = scans
  return [
    need('a list of what is in the image (SBOM)', acts.find(makesSbom)),
    need('provenance or a signature of the pushed digest', acts.find(attests)),
    gate === undefined && report !== undefined
      ? missed(report.act.place, scanned, `${report.act.text} only reports`)
      : need(scanned, gate?.act),
  ]
}
