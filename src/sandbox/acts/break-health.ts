import type {Act} from './act.ts'

/** What an outage looks like from outside. */
const breakHealth: Act = {
  name: 'break-health',
  does: 'Lets the uptime checks of the domain fail from everywhere, as if the application were down',
  needs: ['projectId', 'domain'],
  perform: ({projectId = '', domain = ''}, world) => {
    world.table('monitoring.broken').set(`${projectId}/${domain}`, {since: world.now().toISOString()})
    return `The uptime checks of ${domain} fail from now on.`
  },
}

export default breakHealth
