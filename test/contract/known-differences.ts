import type {Difference} from './replay.ts'

/** Where the simulator knowingly differs from a recording: which recordings (`*` stands for anything), which method, what, and why. */
export type KnownDifference = {recordings: string; method: string; is: string; why: string}

/**
 * One line each: recordings | method | difference | reason. A line that no recording needs any more fails the test.
 * `- field`: only the recording has it; `+ field`: only the simulator; `~ field`: another value. INDEX.tsv says what made a recording.
 */
const list = `
* | cloudresourcemanager.projects.get | + parent | the recorder removes it from the answers of its own test project
* | cloudresourcemanager.projects.get | + name | the recorder removes it from the answers of its own test project
* | cloudresourcemanager.projects.get | + displayName | the recorder removes it from the answers of its own test project
* | cloudresourcemanager.projects.get | + updateTime | v3 always has it; the recorder removes it
* | cloudresourcemanager.operations.get | + metadata.createTime | the recorder removes times from metadata
* | cloudresourcemanager.projects.getIamPolicy | + version | a policy that was never set has none; the replay empties this one beforehand
* | cloudbilling.billingAccounts.getIamPolicy | + version | a policy that was never set has none; the replay empties this one beforehand
*__project* | cloudresourcemanager.projects.create | status: 403 instead of 200* | the recorded parent id is "organizations/N" instead of N, which the mock takes
*bigqueryconnectionconnectionref__* | cloudresourcemanager.projects.setIamPolicy | status: 400 instead of 200* | the service agent of an API that is not simulated does not exist here
* | compute.networks.get | + routingConfig | always there; the recorder removes it for many tests (semantics.md 6)
* | compute.networks.get | + subnetworks | the default network has them; the recorder removes them for address and router tests
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | compute.networks.get | - * | the presupposed network is in auto mode; the replay makes a custom one, where the recorded subnetwork fits
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | compute.networks.get | ~ autoCreateSubnetworks* | the presupposed network is in auto mode; the replay makes a custom one
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | compute.subnetworks.insert | status: 400 instead of 200* | 10.180.0.0/10 has bits below its prefix, which the mock takes
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | serviceusage.operations.get | ~ metadata* | the recorder empties the metadata
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | serviceusage.operations.get | - metadata.value | the recorder empties the metadata
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | serviceusage.operations.get | + metadata* | the recorder empties the metadata
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | serviceusage.operations.get | + response.service.config | the recorder removes it
*__restorebackupalloydbcluster__* | compute.networks.get | ~ peerings[].network* | the producer's project has a name of its own
*__restorebackupalloydbcluster__* | compute.networks.get | ~ peerings[].stateDetails* | the text holds a time
*__restorebackupalloydbcluster__* | compute.globalAddresses.get | + labels | there the labels of the insert did not count; in other recordings and in today's Compute they do
* | compute.subnetworks.get | - state | later recordings of real answers do not have it (semantics.md 6)
* | compute.subnetworks.get | + enableFlowLogs | newer than some recordings
* | compute.subnetworks.get | + allowSubnetCidrRoutesOverlap | newer than some recordings
* | compute.globalAddresses.get | + status | the old mock leaves it out (semantics.md 6)
* | compute.globalAddresses.get | + networkTier | the old mock leaves it out (semantics.md 6)
* | compute.globalAddresses.get | + description | the old mock leaves it out
* | compute.globalAddresses.get | ~ network:* | real answers hold the full URL; an echo of what was sent is the mock's (semantics.md 6)
*__globalcomputeforwardingruletcp-direct__* | compute.globalAddresses.get | + addressType | the old mock leaves defaults out
*__globalcomputeforwardingruletcp-direct__* | compute.globalAddresses.get | + ipVersion | the old mock leaves defaults out
* | compute.globalAddresses.setLabels | + * | the old mock's operations lack type, target, user and end (semantics.md 0.2)
* | compute.globalAddresses.setLabels | ~ progress* | the old mock's operations are DONE at progress 0 (semantics.md 0.2)
*__cloudbuildworkerpool__* | compute.networks.removePeering | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*__iamalloydbuser__* | compute.networks.removePeering | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*__cloudbuildworkerpool__* | compute.globalOperations.get | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*__iamalloydbuser__* | compute.globalOperations.get | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*__backupdrmanagementserver__* | compute.networks.get | + peerings | the mock makes no peering
*__backupdrmanagementserver__* | compute.globalOperations.get | + * | the mock deletes a network that an address range still uses; Google refuses (semantics.md 0.2)
*__backupdrmanagementserver__* | compute.networks.removePeering | status: 200 instead of 404* | follows from the deletion that the mock does not refuse
* | serviceusage.services.generateServiceIdentity | ~ response.@type* | the type is named after the mock
* | serviceusage.services.generateServiceIdentity | - response.* | BigQuery's identity is not simulated: the answer is the empty one that some services have (semantics.md 3)
*__fullybigquerydataset__* | iam.projects.serviceAccounts.get | status: 200 instead of 404* | Google takes a minute to notice a new account; here only with the fault propagationMs.serviceAccount
*__iamserviceaccountkey__* | iam.projects.serviceAccounts.keys.get | status: 405 instead of 200* | publicKeyType needs a certificate, which the simulator cannot make and says so
*__iamserviceaccountkey__* | iam.projects.serviceAccounts.keys.get | error.errors* | NOT_SIMULATED is worded alike for every API
monitoring/*__monitoringalertpolicy__* | monitoring.projects.notificationChannels.get | status: 404 instead of 200* | the recorder gives three channels one name
monitoring/*__monitoringalertpolicy__* | monitoring.projects.notificationChannels.delete | status: 404 instead of 200* | the recorder gives three channels one name
*__monitoringnotificationchannel__* | monitoring.projects.notificationChannels.create | ~ labels.password* | the mock echoes what Google obfuscates (semantics.md 16)
*__monitoringnotificationchannel__* | monitoring.projects.notificationChannels.get | ~ labels.password* | the mock echoes what Google obfuscates (semantics.md 16)
*__monitoringnotificationchannel__* | monitoring.projects.notificationChannels.patch | ~ labels.password* | the mock echoes what Google obfuscates (semantics.md 16)
* | sql.instances.get | ~ serverCaCert.* | the recorder replaces certificates and their names
* | sql.instances.get | ~ settings.settingsVersion* | the recorder writes 123
* | sql.instances.get | ~ ipAddresses[].ipAddress* | the recorder replaces addresses
* | sql.instances.get | ~ serviceAccountEmailAddress* | the six digits are the instance's own
* | sql.instances.get | + settings.ipConfiguration.serverCaMode | the recorder removes it (semantics.md 8)
* | sql.instances.get | + satisfiesPzi | newer than some recordings
* | sql.instances.get | ~ geminiConfig.flagRecommenderEnabled* | newer recordings have true
* | sql.instances.get | # upgradableDatabaseVersions* | the versions of the time; minor versions of MySQL are not simulated
* | sql.instances.get | ~ upgradableDatabaseVersions* | the versions of the time; minor versions of MySQL are not simulated
* | sql.instances.get | + upgradableDatabaseVersions | the versions of the time; minor versions of MySQL are not simulated
* | sql.users.list | ~ items[].host* | the recorder empties it
* | sql.users.list | - items[].host | PostgreSQL has no hosts; the recorder adds an empty one (semantics.md 8)
* | sql.users.list | + items[].iamStatus | newer than some recordings
* | sql.users.delete | status: 404 instead of 200* | the recorder replaces the host that the deletion names
*__sqlinstance-sqlserver-minimal-direct__* | sql.instances.insert | status: 405 instead of 200* | SQL Server is not simulated
*__sqlinstance-sqlserver-minimal-direct__* | sql.instances.insert | error.errors* | NOT_SIMULATED is worded alike for every API
*__sqldatabasebasic__* | sql.databases.get | ~ charset* | the mock keeps the old charset
*__privateserviceconnectioncomputeregionnetworkendpointgroup__* | compute.regionNetworkEndpointGroups.insert | status: 404 instead of 200* | its subnetwork was refused
*__globalcomputeforwardingruletcp-direct__* | compute.globalForwardingRules.insert | status: 400 instead of 200* | TCP proxies are not simulated
*__computebackendservicesignedurlkeybasic__* | compute.backendServices.insert | status: 400 instead of 200* | legacy health checks are not simulated
*t2__globaltargethttpsproxycertificatemap__* | compute.backendServices.get | + p* | the old mock leaves protocol and ports out; later recordings of real answers have them
*t2__globaltargethttpsproxycertificatemap__* | compute.urlMaps.insert | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*t2__globaltargethttpsproxycertificatemap__* | compute.urlMaps.insert | ~ status* | the old mock's operations are DONE at once (semantics.md 0.2)
*t2__globaltargethttpsproxycertificatemap__* | compute.targetHttpsProxies.get | ~ *: "* | the mock echoes what was sent; real answers hold the full URL
*t2__globaltargethttpsproxycertificatemap__* | compute.urlMaps.get | status: 404 instead of 200* | the recorder gave two URL maps different names in requests and the same in paths
*t2__globaltargethttpsproxycertificatemap__* | compute.urlMaps.get | ~ error* | the recorder gave two URL maps different names in requests and the same in paths
*t2__globaltargethttpsproxycertificatemap__* | compute.urlMaps.delete | status: 404 instead of 200* | the recorder gave two URL maps different names in requests and the same in paths
*t2__globaltargethttpsproxycertificatemap__* | compute.healthChecks.delete | status: 400 instead of 200* | follows from the URL map that is not deleted
*t2__globaltargethttpsproxycertificatemap__* | compute.backendServices.delete | status: 400 instead of 200* | follows from the URL map that is not deleted
*t2__crossregiontargethttpsproxy__* | compute.urlMaps.insert | + * | the old mock's operations lack type, target and user (semantics.md 0.2)
*t2__crossregiontargethttpsproxy__* | compute.urlMaps.insert | ~ status* | the old mock's operations are DONE at once (semantics.md 0.2)
*t2__crossregiontargethttpsproxy__* | compute.urlMaps.get | status: 404 instead of 200* | the recorder changed the name in the request and not in the path
*t2__crossregiontargethttpsproxy__* | compute.urlMaps.get | ~ error* | the recorder changed the name in the request and not in the path
*t2__crossregiontargethttpsproxy__* | compute.urlMaps.delete | status: 404 instead of 200* | the recorder changed the name in the request and not in the path
*t2__crossregiontargethttpsproxy__* | compute.backendServices.delete | status: 400 instead of 200* | follows from the URL map that is not deleted
*t2__crossregiontargethttpsproxy__* | compute.targetHttpsProxies.get | ~ urlMap* | the mock echoes what was sent; real answers hold the full URL
*t2__crossregiontargethttpsproxy__* | compute.targetHttpsProxies.get | # sslCertificates* | the mock appends to the list what the patch replaces it with
* | storage.objects.list | - prefixes | the mock lists folders that nobody made
`

const parse = (line: string): KnownDifference => {
  const [recordings, method, is, why, ...more] = line.split(' | ')
  if (recordings === undefined || method === undefined || is === undefined || why === undefined || more.length > 0)
    throw new Error(`Not a known difference: ${line}`)
  return {recordings, method, is, why}
}

/** The list, parsed. */
export const knownDifferences: readonly KnownDifference[] = list.trim().split('\n').map(parse)

const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
const matches = (glob: string, text: string) => new RegExp(`^${glob.split('*').map(escape).join('.*')}$`, 's').test(text)

/** The line of the list that knows of a difference. */
export const knownBy = ({recording, method, is}: Difference): KnownDifference | undefined =>
  knownDifferences.find((known) => matches(known.recordings, recording) && known.method === method && matches(known.is, is))
