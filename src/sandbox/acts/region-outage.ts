import type {Act} from './act.ts'

/** What an outage at Google looks like to whoever asks for the region. */
const regionOutage: Act = {
  name: 'region-outage',
  does: 'Let the region go down.',
  needs: ['region'],
  perform: ({region = ''}, world) => {
    world.table('compute.regionStatus').set(region, {status: 'DOWN'})
    return `Region ${region} is down.`
  },
}

export default regionOutage
