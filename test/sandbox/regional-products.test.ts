import {describe, expect, it} from 'vitest'
import {at, openCloud} from './cloud.ts'

describe('where products are offered', () => {
  it('is told by vpcaccess, artifactregistry and sqladmin', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'vpcaccess', 'artifactregistry', 'sqladmin')
    const ids = (body: unknown) => {
      const locations = at(body, 'locations')
      return Array.isArray(locations) ? locations.map((location) => at(location, 'locationId')) : []
    }
    expect(ids((await call('GET', '/vpcaccess/v1/projects/abcdef/locations')).body)).toContain('us-central1')
    expect(ids((await call('GET', '/artifactregistry/v1/projects/abcdef/locations')).body)).toContain('europe-west1')
    expect((await call('GET', '/artifactregistry/v1/projects/abcdef/locations/nowhere')).status).toBe(404)
    for (const root of ['/sqladmin/v1/projects/abcdef', '/sqladmin/sql/v1beta4/projects/abcdef']) {
      const tiers = at((await call('GET', `${root}/tiers`)).body, 'items')
      const micro = Array.isArray(tiers) ? tiers.filter((tier) => at(tier, 'tier') === 'db-f1-micro') : []
      expect(at(micro, '0.region')).toContain('us-central1')
    }
  })
})
