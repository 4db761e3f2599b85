import {openCloud, textAt} from './cloud.ts'

/** The project's path in Cloud SQL Admin. */
export const root = '/sqladmin/v1/projects/abcdef'
/** The instance's path. */
export const instance = `${root}/instances/db`
/** The network as an instance names it. */
export const network = 'projects/abcdef/global/networks/vpc'

type Options = NonNullable<Parameters<typeof openCloud>[0]>

/** A cloud with a project, Cloud SQL enabled and a network `vpc`; `peer` gives it a private connection to Google's services. */
export const sqlCloud = async (options: Options = {}) => {
  const cloud = await openCloud(options)
  await cloud.project('abcdef', 'compute', 'servicenetworking', 'sqladmin')
  const compute = '/compute/compute/v1/projects/abcdef/global'
  const {body: project} = await cloud.call('GET', '/cloudresourcemanager/v1/projects/abcdef')
  const projectNumber = textAt(project, 'projectNumber')
  await cloud.call('POST', `${compute}/networks`, {name: 'vpc', autoCreateSubnetworks: false})
  cloud.pass(1000)

  const peer = async (prefixLength = 16) => {
    const range = {name: 'psa', addressType: 'INTERNAL', purpose: 'VPC_PEERING', address: '10.60.0.0', prefixLength, network}
    await cloud.call('POST', `${compute}/addresses`, range)
    cloud.pass(1000)
    await cloud.call('POST', '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections', {
      network: `projects/${projectNumber}/global/networks/vpc`,
      reservedPeeringRanges: ['psa'],
    })
    cloud.pass(1000)
  }
  /** A write and the time that its operation takes; answers the finished operation, or the refusal. */
  const change = async (method: string, path: string, body?: unknown) => {
    const {status, body: started} = await cloud.call(method, path, body)
    if (status !== 200) return started
    cloud.pass(1000)
    return (await cloud.call('GET', `${root}/operations/${textAt(started, 'name')}`)).body
  }
  const body = (settings: object = {}, more: object = {}) => ({
    name: 'db',
    databaseVersion: 'POSTGRES_16',
    region: 'us-central1',
    ...more,
    settings: {tier: 'db-custom-2-7680', edition: 'ENTERPRISE', ...settings},
  })
  const create = (settings: object = {}, more: object = {}) => change('POST', `${root}/instances`, body(settings, more))
  const get = async () => (await cloud.call('GET', instance)).body
  return {...cloud, projectNumber, peer, change, body, create, get}
}
