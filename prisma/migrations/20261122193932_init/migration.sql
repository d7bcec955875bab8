-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('student', 'ta', 'instructor', 'admin');

-- CreateEnum
CREATE TYPE "Theme" AS ENUM ('light', 'dark', 'system');

-- CreateEnum
CREATE TYPE "SubmissionStatus" AS ENUM ('queued', 'running', 'passed', 'failed', 'compile_error', 'runtime_error', 'step_limit', 'memory_limit', 'output_limit', 'internal_error', 'cancelled');

-- CreateEnum
CREATE TYPE "Lane" AS ENUM ('interactive', 'regrade');

-- CreateEnum
CREATE TYPE "SnapshotCause" AS ENUM ('run', 'submit', 'reset', 'conflict', 'pause');

-- CreateEnum
CREATE TYPE "PredictionOutcome" AS ENUM ('right', 'wrong', 'skipped');

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'student',
    "language" TEXT,
    "theme" "Theme" NOT NULL DEFAULT 'system',

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rateLimit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL,

    CONSTRAINT "rateLimit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "exercise" (
    "uuid" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "chapter" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "title" JSONB NOT NULL,
    "kind" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "public" JSONB,
    "measured" BOOLEAN NOT NULL DEFAULT false,
    "retired" BOOLEAN NOT NULL DEFAULT false,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "exercise_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "submission" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "exerciseUuid" UUID NOT NULL,
    "exerciseVersion" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "lane" "Lane" NOT NULL DEFAULT 'interactive',
    "status" "SubmissionStatus" NOT NULL DEFAULT 'queued',
    "rev" INTEGER NOT NULL DEFAULT 0,
    "score" DOUBLE PRECISION,
    "maxScore" DOUBLE PRECISION,
    "verdict" JSONB,
    "receiptId" TEXT,
    "seed" TEXT NOT NULL,
    "countsAsAttempt" BOOLEAN NOT NULL DEFAULT true,
    "errorId" TEXT,
    "supersededById" UUID,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "gradedAt" TIMESTAMP(3),

    CONSTRAINT "submission_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "draft" (
    "userId" TEXT NOT NULL,
    "exerciseUuid" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "rev" INTEGER NOT NULL DEFAULT 1,
    "exerciseVersion" TEXT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("userId","exerciseUuid")
);

-- CreateTable
CREATE TABLE "snapshot" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "exerciseUuid" UUID NOT NULL,
    "exerciseVersion" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "cause" "SnapshotCause" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prediction" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "seed" TEXT,
    "answer" JSONB NOT NULL,
    "outcome" "PredictionOutcome" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lesson_progress" (
    "userId" TEXT NOT NULL,
    "lesson" TEXT NOT NULL,
    "section" TEXT,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "lesson_progress_pkey" PRIMARY KEY ("userId","lesson")
);

-- CreateTable
CREATE TABLE "secret" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "grader_node" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "workers" INTEGER NOT NULL,
    "layers" TEXT[],
    "engine" TEXT,
    "version" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seenAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grader_node_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "rateLimit_key_key" ON "rateLimit"("key");

-- CreateIndex
CREATE INDEX "exercise_slug_idx" ON "exercise"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "submission_receiptId_key" ON "submission"("receiptId");

-- CreateIndex
CREATE INDEX "submission_userId_exerciseUuid_createdAt_idx" ON "submission"("userId", "exerciseUuid", "createdAt");

-- CreateIndex
CREATE INDEX "submission_exerciseUuid_createdAt_idx" ON "submission"("exerciseUuid", "createdAt");

-- CreateIndex
CREATE INDEX "submission_status_createdAt_idx" ON "submission"("status", "createdAt");

-- CreateIndex
CREATE INDEX "submission_gradedAt_idx" ON "submission"("gradedAt");

-- CreateIndex
CREATE UNIQUE INDEX "submission_userId_idempotencyKey_key" ON "submission"("userId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "snapshot_userId_exerciseUuid_createdAt_idx" ON "snapshot"("userId", "exerciseUuid", "createdAt");

-- CreateIndex
CREATE INDEX "prediction_userId_question_createdAt_idx" ON "prediction"("userId", "question", "createdAt");

-- CreateIndex
CREATE INDEX "prediction_question_outcome_idx" ON "prediction"("question", "outcome");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_exerciseUuid_fkey" FOREIGN KEY ("exerciseUuid") REFERENCES "exercise"("uuid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft" ADD CONSTRAINT "draft_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft" ADD CONSTRAINT "draft_exerciseUuid_fkey" FOREIGN KEY ("exerciseUuid") REFERENCES "exercise"("uuid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_exerciseUuid_fkey" FOREIGN KEY ("exerciseUuid") REFERENCES "exercise"("uuid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lesson_progress" ADD CONSTRAINT "lesson_progress_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
