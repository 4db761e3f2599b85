/** A workflow of the application with which all is well. */
export const deployWorkflow = `name: deploy
on:
  push:
    branches: [main, develop]
permissions: {}
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
