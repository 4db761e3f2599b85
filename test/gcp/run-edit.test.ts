import {describe, expect, test} from 'vitest'
import {editService} from '../../src/gcp/methods/run.ts'
import {redactObject} from '../../src/gcp/redact.ts'

const current = {
  name: 'projects/p/locations/l/services/s',
  etag: '"1"',
  uid: 'u',
  uri: 'https://s.a.run.app',
  labels: {team: 'blue'},
  template: {
    revision: 's-named',
    labels: {tier: 'web'},
    vpcAccess: {connector: 'c', egress: 'ALL_TRAFFIC'},
    containers: [
      {name: 'side', image: 'side:1'},
      {
        name: 'app',
        image: 'app:1',
        ports: [{containerPort: 8000}],
        env: [
          {name: 'EXTRA', value: '1'},
          {name: 'JWT_SECRET', value: 'plain'},
        ],
      },
    ],
  },
}

describe('a change of a service', () => {
  test('keeps what others put there, and sends the etag but nothing that is only shown', () => {
    const reference = {name: 'JWT_SECRET', valueSource: {secretKeyRef: {secret: 'jwt-secret', version: 'latest'}}}
    expect(editService(current, {template: {containers: [{env: [reference]}]}})).toEqual({
      name: current.name,
      etag: '"1"',
      labels: {team: 'blue'},
      template: {
        labels: {tier: 'web'},
        vpcAccess: {connector: 'c', egress: 'ALL_TRAFFIC'},
        containers: [current.template.containers[0], {...current.template.containers[1], env: [{name: 'EXTRA', value: '1'}, reference]}],
      },
    })
  })

  test('replaces the way into the network as a whole: two ways are refused', () => {
    const vpcAccess = {networkInterfaces: [{network: 'n'}], egress: 'PRIVATE_RANGES_ONLY'}
    expect(editService(current, {template: {vpcAccess}})).toMatchObject({template: {vpcAccess}})
    expect(JSON.stringify(editService(current, {template: {vpcAccess}}))).not.toContain('connector')
  })

  test('leaves no value of an environment variable in the journal', () => {
    expect(JSON.stringify(redactObject(current))).not.toContain('plain')
  })
})
