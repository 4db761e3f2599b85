import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'

/** What of the application's repository the steps of PART 1 look at: the workflow that deploys it. */
export const deployWorkflow = `name: deploy
on:
  push:
    branches: [main, develop]
permissions: {contents: read, id-token: write}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: \${{ github.ref_name == 'main' && 'production' || 'staging' }}
    env:
      TARGET: \${{ github.ref_name == 'main' && 'prod' || 'staging' }}
    steps:
      - uses: google-github-actions/auth@v3
        with:
          workload_identity_provider: \${{ secrets.WIF_PROVIDER }}
          service_account: \${{ secrets.WIF_SERVICE_ACCOUNT }}
      - run: |
          gcloud run services update "qlogic-$TARGET-backend" --image="$IMAGE"
          gcloud run services update "qlogic-$TARGET-frontend" --image="$FRONTEND"
`

/** Writes the sample repository of the demo into a folder. */
export const writeDemoRepository = async (folder: string): Promise<void> => {
  await mkdir(join(folder, '.github', 'workflows'), {recursive: true})
  await writeFile(join(folder, '.github', 'workflows', 'deploy.yml'), deployWorkflow)
}
