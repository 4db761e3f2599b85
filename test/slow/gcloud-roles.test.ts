import {execa} from 'execa'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {projectId} from '../support/folder.ts'
import {isInstalled, openGcloud} from '../support/gcloud.ts'

const withGcloud = await isInstalled('gcloud', 'version')
const withTerraform = await isInstalled('terraform', 'version')

describe.runIf(withGcloud)('the role that qlogic permissions prints', () => {
  let gcloud: Awaited<ReturnType<typeof openGcloud>>
  beforeAll(async () => {
    gcloud = await openGcloud()
    for (const line of [
      `gcloud projects create ${projectId} --name=Q-Logic --organization=100000000001`,
      `gcloud billing projects link ${projectId} --billing-account=01A2B3-C4D5E6-F70819`,
      'gcloud services enable iam.googleapis.com cloudresourcemanager.googleapis.com',
    ])
      await gcloud.type(line)
  })

  test.each([
    ['verify', 'qlogicVerify'],
    ['setup', 'qlogicSetup'],
  ])('is taken by gcloud, and can be granted: %s', async (purpose, id) => {
    const {exit, stdout} = await gcloud.cli('permissions', '--for', purpose)
    expect(exit).toBe(0)
    await writeFile(join(gcloud.folder, `${purpose}.yaml`), stdout)
    const [line = ''] = stdout.split('\n')
    await gcloud.type(line.replace(/^# /, '').replace('FILE', `${purpose}.yaml`))
    const described = await gcloud.type(`gcloud iam roles describe ${id} --project=${projectId} --format=json`)
    expect(JSON.parse(described)).toMatchObject({name: `projects/${projectId}/roles/${id}`, stage: 'GA', title: `qlogic ${purpose}`})
    await gcloud.type(
      `gcloud projects add-iam-policy-binding ${projectId} --member=user:ci@example.com --role=projects/${projectId}/roles/${id} --condition=None`,
    )
    await gcloud.type(`gcloud iam roles update ${id} --project=${projectId} --file=${purpose}.yaml --quiet`)
    await gcloud.type(`gcloud iam roles delete ${id} --project=${projectId}`)
    await gcloud.type(`gcloud iam roles undelete ${id} --project=${projectId}`)
    expect(await gcloud.type(`gcloud iam roles list --project=${projectId} --format='value(name)'`)).toContain(id)
  })

  test.runIf(withTerraform)('is formatted as terraform fmt has it', async () => {
    const {stdout} = await gcloud.cli('permissions', '--for', 'setup', '--format', 'terraform')
    const {exitCode, stdout: difference} = await execa('terraform', ['fmt', '-check', '-diff', '-'], {input: `${stdout}\n`, reject: false})
    expect(difference).toBe('')
    expect(exitCode).toBe(0)
  })
})
