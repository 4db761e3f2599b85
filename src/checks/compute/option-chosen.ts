import {clusterName, runServiceName} from '../../changes/resource-names.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import {ifEnabled} from '../../gcp/reads.ts'
import {defineItem} from '../define-item.ts'

/** What runs of the option that was not chosen, and is Q-Logic's by its name. */
type Observed = {clusters: readonly {name: string; location: string}[]; services: readonly {name: string}[]}

const nothing: Observed = {clusters: [], services: []}

/** The parameter has a default and a rule, so that it can be nothing but one of the two. */
export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    if ((await cloud.resourceManager.project()) === undefined) return nothing
    if (config.compute === 'cloud-run') {
      const clusters = await ifEnabled(cloud.container.clusters(), [])
      return {...nothing, clusters: clusters.filter(({name}) => name === config.cluster)}
    }
    const ours = Object.values(config.runServices)
    const services = await ifEnabled(cloud.run.services(config.region), [])
    return {...nothing, services: services.filter(({name}) => ours.includes(name))}
  },

  evaluate({clusters, services}, {config}) {
    const {projectId: project, region} = config
    const named = config.compute === 'cloud-run' ? 'Cloud Run (option A)' : 'GKE Autopilot (option B)'
    const args = {option: named, clusters: clusters.map(({name}) => name).join(', '), services: services.map(({name}) => name).join(', ')}
    if (clusters.length > 0) {
      const rows = clusters.map(({name, location}) => seen(clusterName(project, location, name), 'name', undefined, name))
      return warn('OPTION_OTHER_CLUSTER', rows, args)
    }
    if (services.length > 0) {
      const rows = services.map(({name}) => seen(runServiceName(project, region, name), 'name', undefined, name))
      return warn('OPTION_OTHER_SERVICES', rows, args)
    }
    return pass('OPTION_CHOSEN', [], args)
  },
})
