-- AlterTable
ALTER TABLE "exercise" DROP COLUMN "measured",
ADD COLUMN     "measuredBy" TEXT;
