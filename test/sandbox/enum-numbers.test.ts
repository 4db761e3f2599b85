import {expect, it} from 'vitest'
import {at, openCloud} from './cloud.ts'

it('answers with enum numbers the clients that ask for them, and with names the others', async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'secretmanager')
  const project = '/cloudresourcemanager/v3/projects/abcdef'
  expect(at((await cloud.call('GET', `${project}?%24alt=json%3Benum-encoding%3Dint`)).body, 'state')).toBe(1)
  expect(at((await cloud.call('GET', `${project}?alt=json`)).body, 'state')).toBe('ACTIVE')

  const secrets = '/secretmanager/v1/projects/abcdef/secrets'
  await cloud.call('POST', `${secrets}?secretId=s`, {replication: {automatic: {}}, annotations: {state: 'ENABLED'}})
  await cloud.call('POST', `${secrets}/s:addVersion`, {payload: {data: 'c2VjcmV0'}})
  await cloud.call('POST', `${secrets}/s/versions/1:disable`, {})
  const numbers = '?$alt=json;enum-encoding=int'
  expect(at((await cloud.call('GET', `${secrets}/s/versions${numbers}`)).body, 'versions.0.state')).toBe(2)
  // An annotation is no enum, whatever it is called.
  expect(at((await cloud.call('GET', `${secrets}/s${numbers}`)).body, 'annotations')).toEqual({state: 'ENABLED'})

  const services = `/serviceusage/v1/projects/abcdef/services${numbers}&filter=state:ENABLED&pageSize=1`
  expect(at((await cloud.call('GET', services)).body, 'services.0.state')).toBe(2)
})
