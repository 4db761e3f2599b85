import {createNamespace, credentialsLine} from '../../changes/gke.ts'
import {inCluster} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {Answer, Namespace} from '../../kubernetes/kubernetes.ts'
import {clusterTarget, isAutopilot} from '../clusters.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

type Observed = Answer<readonly Namespace[]>

const known = ['qlogic-dev', 'qlogic-staging', 'qlogic-prod']
const isProduction = (name: string): boolean => name === 'prod' || name.endsWith('-prod')

/** Those of Q-Logic that are there, configured here or not: one cluster may serve several environments. */
const oursIn = (namespaces: readonly Namespace[], config: Config): Namespace[] =>
  namespaces.filter(({name}) => known.includes(name) || config.namespaces.includes(name))

const missing = (namespaces: readonly Namespace[], config: Config): string[] =>
  config.namespaces.filter((name) => !namespaces.some((one) => one.name === name))

export default defineItem<Observed>({
  excluded: ({config}) => (isAutopilot(config) ? undefined : notApplicable('NAMESPACES_NOT_CHOSEN')),

  async observe({cloud, kubernetes}, {config}) {
    const cluster = await cloud.container.cluster(config.region, config.cluster)
    return cluster === undefined ? {reached: false, why: 'it does not exist'} : kubernetes.namespaces(cluster)
  },

  evaluate(answer, {config}) {
    const {projectId, region, cluster} = config
    const at = (name: string) => inCluster(projectId, region, cluster, `namespaces/${name}`)
    const lines = [credentialsLine(clusterTarget(config)), ...config.namespaces.map((name) => `kubectl create namespace ${name}`)]
    const args = {cluster, names: config.namespaces.join(', '), lines: lines.join(' && ')}
    if (!answer.reached) return manual('NAMESPACES_OUT_OF_REACH', [], {...args, why: answer.why})
    const absent = missing(answer.value, config)
    const ours = oursIn(answer.value, config)
    const ending = ours.filter(({name, phase}) => config.namespaces.includes(name) && phase !== 'Active')
    const others = ours.filter(({name}) => !isProduction(name))
    const named = {...args, missing: absent.join(', '), ending: ending.map(({name}) => name).join(', ')}
    const shared = ours.some(({name}) => isProduction(name)) && others.length > 0
    return worst(
      [
        absent.length === 0
          ? undefined
          : fail(
              'NAMESPACES_MISSING',
              absent.map((name) => seen(at(name), 'metadata.name', name, undefined)),
              named,
            ),
        ending.length === 0
          ? undefined
          : fail(
              'NAMESPACES_TERMINATING',
              ending.map(({name, phase}) => seen(at(name), 'status.phase', 'Active', phase)),
              named,
            ),
        shared
          ? warn(
              'NAMESPACES_SHARE_CLUSTER',
              others.map(({name}) => seen(at(name), 'metadata.name', 'in a cluster of its own', name)),
              {...named, others: others.map(({name}) => name).join(', '), own: `qlogic-${config.env}`},
            )
          : undefined,
      ],
      pass(
        'NAMESPACES_ACTIVE',
        config.namespaces.map((name) => seen(at(name), 'status.phase', 'Active', 'Active')),
        named,
      ),
    )
  },

  plan: (answer, {config}) =>
    answer.reached ? missing(answer.value, config).map((name) => createNamespace(clusterTarget(config), name)) : [],

  fresh: () => ({reached: true, value: []}),
})
