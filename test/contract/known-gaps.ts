/** What a route of the simulator has otherwise than its discovery document. */
export type Gap = {route: string; is: string}
/** A gap that is known: which routes (`*` stands for anything), what, and why. */
export type KnownGap = Gap & {why: string}

/** One line each: route | gap | reason. A line that no route needs any more fails the test. */
const list = `
* /cloudresourcemanager/v1/* | no document | ../shared has only the document of v3
* /kubernetes/* | no document | it is Kubernetes' own API, of which Google has no discovery document
* /sandbox/* | no document | it is the simulator's own
* /github/* | no document | it is GitHub's API, of which Google has no discovery document
* /iamcredentials/* | no document | ../shared has none of it
* /dns-google/* | no document | a public resolver, no Google Cloud API
* /dns-cloudflare/* | no document | a public resolver, no Google Cloud API
* /serviceusage/v1beta1/*:generateServiceIdentity | no method | only v1beta1 has it, and ../shared only the document of v1
* /compute/* | ?returnPartialSuccess: is unknown to Google | gcloud sends it
* /secretmanager/* | parent: is unknown to Google | clients of gRPC origin send the fields of the path in the body too, as recordings show
* /secretmanager/* | name: is unknown to Google | clients of gRPC origin send the fields of the path in the body too, as recordings show
* /secretmanager/* | customerManagedEncryption: Google takes it, the simulator refuses it | only for regional secrets, which are not simulated
* /secretmanager/* | secretType: Google takes it, the simulator refuses it | managed rotation of secrets is not simulated
* /compute/* | params: Google takes it, the simulator refuses it | resource manager tags are not simulated
* /compute/*/subnetworks* | resolveSubnetMask: Google takes it, the simulator refuses it | there are no VMs that would resolve it
* /compute/*/routers* | nats[].*: Google takes it, the simulator refuses it | NAT rules and NAT64 are not simulated
* /compute/*/routers* | bgpPeers: Google takes it, the simulator refuses it | BGP is not simulated
* /compute/*/routers* | md5AuthenticationKeys: Google takes it, the simulator refuses it | BGP is not simulated
* /compute/*/routers* | nccGateway: Google takes it, the simulator refuses it | Network Connectivity Center is not simulated
* /iam/*/workloadIdentityPools* | inline*: Google takes it, the simulator refuses it | X.509 trust and certificates of pools are not simulated
* /storage/* | encryption.*EnforcementConfig: Google takes it, the simulator refuses it | enforcement of encryption kinds is not simulated
* /storage/* | customPlacementConfig: Google takes it, the simulator refuses it | configurable dual regions are not simulated
* /storage/* | *DeleteTime: Google takes it, the simulator refuses it | a deleted bucket is gone at once
* /storage/* | ipFilter: Google takes it, the simulator refuses it | IP filters are not simulated
* /run/v1/* | no document | ../shared has only the document of v2; gcloud asks by v1
* /run/apis/* | no document | ../shared has only the document of v2; gcloud asks by v1
* /run/* | buildConfig: Google takes it, the simulator refuses it | deployments from source are not simulated
* /run/* | template.containers[].sourceCode: Google takes it, the simulator refuses it | deployments from source are not simulated
* /run/* | template.containers[].baseImageUri: Google takes it, the simulator refuses it | deployments from source are not simulated
* /run/* | template.containers[].sandboxLauncher: Google takes it, the simulator refuses it | a preview that is not simulated
* /run/* | template.encryptionKey*: Google takes it, the simulator refuses it | customer-managed keys are not simulated
* /run/* | template.gpuZonalRedundancyDisabled: Google takes it, the simulator refuses it | GPUs are not simulated
* /run/* | template.nodeSelector: Google takes it, the simulator refuses it | GPUs are not simulated
* /run/* | template.serviceMesh: Google takes it, the simulator refuses it | service meshes are not simulated
* /run/* | template.workloadIdentityConfig: Google takes it, the simulator refuses it | a preview that is not simulated
* /run/* | functionalType: Google takes it, the simulator refuses it | a preview that is not simulated
* /run/* | multiRegionSettings: Google takes it, the simulator refuses it | services of several regions are not simulated
* /run/* | sshEnabled: Google takes it, the simulator refuses it | a preview that is not simulated
`

const parse = (line: string): KnownGap => {
  const [route, is, why, ...more] = line.split(' | ')
  if (route === undefined || is === undefined || why === undefined || more.length > 0) throw new Error(`Not a known gap: ${line}`)
  return {route, is, why}
}

/** The list, parsed. */
export const knownGaps: readonly KnownGap[] = list.trim().split('\n').map(parse)

const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
const matches = (glob: string, text: string) => new RegExp(`^${glob.split('*').map(escape).join('.*')}$`).test(text)

/** The line of the list that knows of a gap. */
export const knownGapBy = ({route, is}: Gap): KnownGap | undefined =>
  knownGaps.find((known) => matches(known.route, route) && matches(known.is, is))
