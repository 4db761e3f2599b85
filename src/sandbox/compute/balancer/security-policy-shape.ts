import type {Shape} from '../../api.ts'
import {shape} from '../resources.ts'

const excluded = shape('val', {op: {enum: ['CONTAINS', 'ENDS_WITH', 'EQUALS', 'EQUALS_ANY', 'STARTS_WITH']}})
const threshold: Shape = {fields: {count: 'int', intervalSec: 'int'}}
const redirect = shape('target', {type: {enum: ['EXTERNAL_302', 'GOOGLE_RECAPTCHA']}})

/** The body of a rule. */
export const securityPolicyRuleShape = shape('action description kind', {
  headerAction: {fields: {requestHeadersToAdds: {list: shape('headerName headerValue')}}},
  match: {
    fields: {
      config: {fields: {srcIpRanges: {list: 'string'}}},
      expr: shape('description expression location title'),
      exprOptions: {fields: {recaptchaOptions: {fields: {actionTokenSiteKeys: {list: 'string'}, sessionTokenSiteKeys: {list: 'string'}}}}},
      versionedExpr: {enum: ['SRC_IPS_V1']},
    },
  },
  networkMatch: {
    fields: {
      destIpRanges: {list: 'string'},
      destPorts: {list: 'string'},
      ipProtocols: {list: 'string'},
      srcAsns: {list: 'int'},
      srcIpRanges: {list: 'string'},
      srcPorts: {list: 'string'},
      srcRegionCodes: {list: 'string'},
      userDefinedFields: {list: shape('name', {values: {list: 'string'}})},
    },
  },
  preconfiguredWafConfig: {
    fields: {
      exclusions: {
        list: shape('targetRuleSet', {
          requestBodiesToExclude: {list: excluded},
          requestCookiesToExclude: {list: excluded},
          requestHeadersToExclude: {list: excluded},
          requestQueryParamsToExclude: {list: excluded},
          requestUrisToExclude: {list: excluded},
          targetRuleIds: {list: 'string'},
        }),
      },
    },
  },
  preview: 'boolean',
  priority: 'int',
  rateLimitOptions: shape('conformAction enforceOnKeyName exceedAction', {
    banDurationSec: 'int',
    banThreshold: threshold,
    enforceOnKey: {
      enum: [
        'ALL',
        'ASN',
        'HTTP_COOKIE',
        'HTTP_HEADER',
        'HTTP_PATH',
        'IP',
        'REGION_CODE',
        'SNI',
        'TLS_JA3_FINGERPRINT',
        'TLS_JA4_FINGERPRINT',
        'USER_IP',
        'XFF_IP',
      ],
    },
    enforceOnKeyConfigs: {
      list: shape('enforceOnKeyName', {
        enforceOnKeyType: {
          enum: [
            'ALL',
            'ASN',
            'HTTP_COOKIE',
            'HTTP_HEADER',
            'HTTP_PATH',
            'IP',
            'REGION_CODE',
            'SNI',
            'TLS_JA3_FINGERPRINT',
            'TLS_JA4_FINGERPRINT',
            'USER_IP',
            'XFF_IP',
          ],
        },
      }),
    },
    exceedRedirectOptions: redirect,
    rateLimitThreshold: threshold,
  }),
  redirectOptions: redirect,
})

/** The body of a SecurityPolicy: every field of the discovery document. */
export const securityPolicyShape = shape('creationTimestamp description kind name parent region selfLink shortName', {
  adaptiveProtectionConfig: {
    fields: {
      layer7DdosDefenseConfig: {
        fields: {
          enable: 'boolean',
          ruleVisibility: {enum: ['PREMIUM', 'STANDARD']},
          thresholdConfigs: {
            list: shape('name', {
              autoDeployConfidenceThreshold: 'number',
              autoDeployExpirationSec: 'int',
              autoDeployImpactedBaselineThreshold: 'number',
              autoDeployLoadThreshold: 'number',
              detectionAbsoluteQps: 'number',
              detectionLoadThreshold: 'number',
              detectionRelativeToBaselineQps: 'number',
              trafficGranularityConfigs: {
                list: shape('value', {
                  enableEachUniqueValue: 'boolean',
                  type: {enum: ['HTTP_HEADER_HOST', 'HTTP_PATH', 'UNSPECIFIED_TYPE']},
                }),
              },
            }),
          },
        },
      },
    },
  },
  advancedOptionsConfig: shape('requestBodyInspectionSize', {
    jsonCustomConfig: {fields: {contentTypes: {list: 'string'}}},
    jsonParsing: {enum: ['DISABLED', 'STANDARD', 'STANDARD_WITH_GRAPHQL']},
    logLevel: {enum: ['NORMAL', 'VERBOSE']},
    userIpRequestHeaders: {list: 'string'},
  }),
  associations: {
    list: shape('attachmentId displayName name securityPolicyId shortName', {
      excludedFolders: {list: 'string'},
      excludedProjects: {list: 'string'},
    }),
  },
  ddosProtectionConfig: {
    fields: {
      ddosAdaptiveProtection: {
        enum: ['DDOS_ADAPTIVE_PROTECTION_UNSPECIFIED', 'DISABLED', 'ENABLED', 'PREVIEW', 'UNSPECIFIED_ADAPTIVE_PROTECTION'],
      },
      ddosImpactedBaselineThreshold: 'number',
      ddosProtection: {enum: ['ADVANCED', 'ADVANCED_PREVIEW', 'STANDARD']},
    },
  },
  fingerprint: 'bytes',
  id: 'int64',
  labelFingerprint: 'bytes',
  labels: {map: 'string'},
  recaptchaOptionsConfig: shape('redirectSiteKey'),
  rules: {list: securityPolicyRuleShape},
  type: {enum: ['CLOUD_ARMOR', 'CLOUD_ARMOR_EDGE', 'CLOUD_ARMOR_NETWORK']},
  userDefinedFields: {list: shape('mask name', {base: {enum: ['IPV4', 'IPV6', 'TCP', 'UDP']}, offset: 'int', size: 'int'})},
})
