import {openCloud, textAt} from './cloud.ts'

/** The project's path in the compute API. */
export const root = '/compute/compute/v1/projects/abcdef'
/** The project as compute's answers link to it. */
export const base = 'https://www.googleapis.com/compute/v1/projects/abcdef'
/** The region's path. */
export const region = `${root}/regions/us-central1`

/** A cloud with a project, compute enabled and a custom network `vpc`. */
export const cloudWithNetwork = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'compute')
  /** A write and the time that its operation takes; answers the finished operation. */
  const change = async (method: string, path: string, body?: unknown) => {
    const {status, body: started} = await cloud.call(method, path, body)
    if (status !== 200) return started
    cloud.pass(1000)
    const scope = textAt(started, 'selfLink').replace('https://www.googleapis.com', '/compute')
    return (await cloud.call('GET', scope)).body
  }
  await change('POST', `${root}/global/networks`, {name: 'vpc', autoCreateSubnetworks: false})
  const subnetwork = (name: string, ipCidrRange: string, more: object = {}) =>
    change('POST', `${region}/subnetworks`, {name, ipCidrRange, network: 'projects/abcdef/global/networks/vpc', ...more})
  return {...cloud, change, subnetwork}
}
