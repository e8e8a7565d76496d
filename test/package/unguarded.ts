// Which functions of the package do not look at what they are handed, and why. Everybody else answers what it does not take with an
// error of the catalogue: `arguments.test.ts` calls all of them.
interface Unguarded {
  readonly why: string;
  /** By subpath, separated by spaces. */
  readonly functions: Readonly<Record<string, string>>;
}

export const unguarded: readonly Unguarded[] = [
  {
    why: 'makes an error of the catalogue: called by code that is about to throw, with texts of its own',
    functions: {
      runlog: 'errorClass migrationRefused outputFailed',
      'runlog/base': 'checkArguments checkOptionNames installLine missingPackage',
      'runlog/effects': `artifactCorrupted artifactNotFound artifactStorageFailed invalidToolRegistration
        malformedRecording missingProvider missingTool`,
      'runlog/log': `atomicCommitUnsupported concurrentWriter corruptedPayload damagedHistory damagedStore
        eventNotFound foreignDatabase foreignLayout invalidEvent newerLayout poorLayout refuseThere
        keepsItsPayloads runExists runNeeded runNotFound runOwned schemaVersionMismatch storeClosed storeNotFound
        storeUnavailable unknownCommit`,
      'runlog/packs': 'promptInvalid',
      'runlog/runtime': 'approvalNotFound invalidOverride notPending promoteConflict settingsDiffer',
      'runlog/sessions': 'providerFailure sessionError',
    },
  },
  {
    why: 'is called for each event, row, request or value: a look at its arguments would cost what it does',
    functions: {
      runlog: 'sha256',
      'runlog/base': `addUsd compareUsd counterOf defineKey formatInstant formatUsd isEventIdAt jsonSchemaOf mergeObjects multiplyUsd
        faultOfNewId nearestNames ownMetricName seededRandom seqOfEventId shellWord subtractUsd ulid validate`,
      'runlog/effects': `addTokens argsHash buildPrompt compareBytes costOfTokens estimateRequestTokens
        estimateTokens findRates parseStructured requestHash requestToJson responseFromPayload
        responseToPayload toolAnswerToPayload toolCallToJson toolDefinition toolErrorFromJson
        toolOutcomeFromPayload totalTokens`,
      'runlog/graph':
        'checkEmittedType checkViewSpec draft matchesWhere objectToJson openView valueAt whereRoot',
      'runlog/log': `asCount asMoment chainHash compareIds decodeEvent decodeLineage decodePayload decodeRow encodeLineage
        eventToJson fieldPairs firstPartOf hashLine isComparedAway isLifecycle isQueueVisible
        isStray kindOf parseJson payloadHashOf readTombstone sameLine storedTextOf textOf textOrNull
        tombstoneText withoutCredentials`,
      'runlog/runtime': 'idempotencyKey snapshotPartId',
      'runlog/sessions': `addTokenUsage artifactRecordId compareEvents executionRecordId filterNormalized formatMicros
        haveSameContext normalizeEvent normalizedEventToJson readTimestamp redactEvent
        redactExecution redactSession sessionEventToJson`,
    },
  },
  {
    why: 'reads a value that another call of the package has made, and is of use with nothing else',
    functions: {
      'runlog/effects': 'answersFromEvents',
      'runlog/graph': 'tablesFromTexts',
      'runlog/log': 'lineageOfFork lineageProblem logInfoOf soundPast stretchesOf',
      'runlog/packs': 'effectiveSettings overriddenSettings settingFromText settingKeys',
      'runlog/runtime': `isEmptyPlan isRecording nearestOpening overriddenKeys overridesBefore planPromotionOf
        snapshotOfRecord statusOf`,
      'runlog/sessions': `agentPrompt documentOfExecution documentOfSession executionOfRecord executionToJson isAtWork isLeftBehind
        isSessionOver leaseOf policyHints policyToJson sessionIsBusy sessionOfRecord sessionToJson
        transcriptEnd`,
      'runlog/view': `agentCallNote agentCallText approvalToJson approvalsText availablePacksText backupText
        backupToJson behaviorsText behaviorsToJson causalChain chainLookup chainText chainToJson
        cleanJson cleanPainted colourPaint conversationText cut decisionText decisionToJson
        errorText errorToJson eventDetailText eventDetailToJson eventJsonLine eventLines
        forkPlanText forkPlanToJson forkText forkToJson graphDiffText graphDiffToJson healthText
        healthToJson importText importToJson kitText kitToJson listedSessionToJson maintenanceText
        maintenanceToJson memoText memoToJson migrationText migrationToJson noRunsText
        noSessionsText packEntry packsText packsToJson projectedText projectedToJson promotionText
        promotionToJson quickstartText recoveredText redactionText redactionToJson retentionText retentionToJson runDiffBody
        runDiffText runDiffToJson runLine runToJson schemaStatusText schemaStatusToJson
        schemaUpgradeText schemaUpgradeToJson sessionApprovalToJson sessionApprovalsText
        sessionDecisionText sessionDecisionToJson sessionEventJson sessionEventText sessionLine
        sessionPartsJson sessionText sessionToJson statusLine statusText statusToJson storedJsonLine
        summaryText summaryToJson traceLines traceText usageReportText usageReportToJson verifyText
        verifyToJson whyKeptText whyKeptToJson`,
    },
  },
  {
    why: 'is handed out for those who write a store, an agent or a loader: their compiler looks at it',
    functions: {
      runlog: 'toolError',
      'runlog/log': `checkForkPoint checkNewLog isSearchableStore isSessionLogStore planCommit
        planFork planNextPlaces planPlainAppend planRecords readFirstPage readInWindows sortedGroups`,
      'runlog/runtime': 'loadRunState loadState',
      'runlog/sessions': 'artifactRowsOf checkArtifactRows checkArtifacts copyArtifactRows copyArtifacts',
    },
  },
  {
    why: 'is a step of the conformance kit, and called by its cases',
    functions: {
      'runlog/conformance': `declares declaresSession expectEqual expectRefusal expectTrue judgeDeath killWrites
        kindOfKillCase openKillSessions openKillStore reportOf runPortCase runSessionCase`,
    },
  },
];
