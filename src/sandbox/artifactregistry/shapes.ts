import type {Shape} from '../api.ts'

const package_ = 'google.devtools.artifactregistry.v1'
const uri: Shape = {fields: {uri: 'string'}}
const upstream = (...publicRepositories: string[]): Shape => ({
  fields: {
    publicRepository: {enum: ['PUBLIC_REPOSITORY_UNSPECIFIED', ...publicRepositories]},
    customRepository: uri,
  },
})
const based = (...bases: string[]): Shape => ({
  fields: {
    publicRepository: {fields: {repositoryBase: {enum: ['REPOSITORY_BASE_UNSPECIFIED', ...bases]}, repositoryPath: 'string'}},
    customRepository: uri,
  },
})

/** gcloud's policy files say `Delete` and `untagged`, and gcloud sends them so. */
const cleanupPolicy: Shape = {
  fields: {
    id: 'string',
    action: {enum: ['ACTION_UNSPECIFIED', 'DELETE', 'KEEP'], type: `${package_}.CleanupPolicy.Action`, anyCase: true},
    condition: {
      fields: {
        tagState: {
          enum: ['TAG_STATE_UNSPECIFIED', 'TAGGED', 'UNTAGGED', 'ANY'],
          type: `${package_}.CleanupPolicyCondition.TagState`,
          anyCase: true,
        },
        tagPrefixes: {list: 'string'},
        versionNamePrefixes: {list: 'string'},
        packageNamePrefixes: {list: 'string'},
        olderThan: 'duration',
        newerThan: 'duration',
      },
    },
    mostRecentVersions: {fields: {packageNamePrefixes: {list: 'string'}, keepCount: 'int'}},
  },
}

/** The body of a repository: every field of the discovery document. */
export const repositoryShape: Shape = {
  fields: {
    name: 'string',
    format: {
      enum: ['FORMAT_UNSPECIFIED', 'DOCKER', 'MAVEN', 'NPM', 'APT', 'YUM', 'GOOGET', 'PYTHON', 'KFP', 'GO', 'GENERIC', 'RUBY', 'CONDA'],
      numbers: {
        FORMAT_UNSPECIFIED: 0,
        DOCKER: 1,
        MAVEN: 2,
        NPM: 3,
        APT: 5,
        YUM: 6,
        GOOGET: 7,
        PYTHON: 8,
        KFP: 9,
        GO: 10,
        GENERIC: 11,
        RUBY: 12,
      },
      type: `${package_}.Repository.Format`,
    },
    mode: {
      enum: [
        'MODE_UNSPECIFIED',
        'STANDARD_REPOSITORY',
        'VIRTUAL_REPOSITORY',
        'REMOTE_REPOSITORY',
        'AOSS_REPOSITORY',
        'ASSURED_OSS_REPOSITORY',
      ],
      type: `${package_}.Repository.Mode`,
    },
    description: 'string',
    labels: {map: 'string'},
    createTime: 'timestamp',
    updateTime: 'timestamp',
    kmsKeyName: 'string',
    sizeBytes: 'int64',
    satisfiesPzi: 'boolean',
    satisfiesPzs: 'boolean',
    registryUri: 'string',
    disallowUnspecifiedMode: 'boolean',
    cleanupPolicies: {map: cleanupPolicy},
    cleanupPolicyDryRun: 'boolean',
    dockerConfig: {fields: {immutableTags: 'boolean'}},
    mavenConfig: {
      fields: {allowSnapshotOverwrites: 'boolean', versionPolicy: {enum: ['VERSION_POLICY_UNSPECIFIED', 'RELEASE', 'SNAPSHOT']}},
    },
    platformLogsConfig: {
      fields: {
        loggingState: {enum: ['LOGGING_STATE_UNSPECIFIED', 'ENABLED', 'DISABLED']},
        severityLevel: {
          enum: ['SEVERITY_LEVEL_UNSPECIFIED', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'],
        },
      },
    },
    remoteRepositoryConfig: {
      fields: {
        description: 'string',
        disableUpstreamValidation: 'boolean',
        dockerRepository: upstream('DOCKER_HUB'),
        mavenRepository: upstream('MAVEN_CENTRAL'),
        npmRepository: upstream('NPMJS'),
        pythonRepository: upstream('PYPI'),
        aptRepository: based('DEBIAN', 'UBUNTU', 'DEBIAN_SNAPSHOT'),
        yumRepository: based('CENTOS', 'CENTOS_DEBUG', 'CENTOS_VAULT', 'CENTOS_STREAM', 'ROCKY', 'EPEL'),
        commonRepository: uri,
        noCache: {fields: {}},
        upstreamCredentials: {fields: {usernamePasswordCredentials: {fields: {username: 'string', passwordSecretVersion: 'string'}}}},
      },
    },
    virtualRepositoryConfig: {fields: {upstreamPolicies: {list: {fields: {id: 'string', priority: 'int', repository: 'string'}}}}},
    vulnerabilityScanningConfig: {
      fields: {
        enablementConfig: {
          enum: ['ENABLEMENT_CONFIG_UNSPECIFIED', 'INHERITED', 'DISABLED'],
          type: `${package_}.Repository.VulnerabilityScanningConfig.EnablementConfig`,
        },
        enablementState: {enum: ['ENABLEMENT_STATE_UNSPECIFIED', 'SCANNING_UNSUPPORTED', 'SCANNING_DISABLED', 'SCANNING_ACTIVE']},
        enablementStateReason: 'string',
        lastEnableTime: 'timestamp',
      },
    },
  },
}
