// Every sentence of the user interface, both languages, by namespace. To add one: write en/<name>.json and zh-CN/<name>.json
// (ICU messages, same keys, same placeholders) and add the two imports and the two entries. messages.test.ts checks the pairs.
// Browser code must not import this file: it gets only its page's namespaces, through <Words> (app/_shell/words.tsx).

import type {} from "use-intl";
import enAccount from "./en/account.json";
import enAuth from "./en/auth.json";
import enBug from "./en/bug.json";
import enCourse from "./en/course.json";
import enErrors from "./en/errors.json";
import enFigure from "./en/figure.json";
import enFigureLru from "./en/figure-lru.json";
import enFigureMachine from "./en/figure-machine.json";
import enFigureSlab from "./en/figure-slab.json";
import enFigureSpace from "./en/figure-space.json";
import enFigureSwap from "./en/figure-swap.json";
import enFigureWalk from "./en/figure-walk.json";
import enFigureZones from "./en/figure-zones.json";
import enFinding from "./en/finding.json";
import enGrade from "./en/grade.json";
import enInfo from "./en/info.json";
import enLanding from "./en/landing.json";
import enLesson from "./en/lesson.json";
import enPlatform from "./en/platform.json";
import enPlay from "./en/play.json";
import enResult from "./en/result.json";
import enScene from "./en/scene.json";
import enShell from "./en/shell.json";
import enVerdict from "./en/verdict.json";
import enWorkspace from "./en/workspace.json";
import type { Locale } from "./text";
import zhAccount from "./zh-CN/account.json";
import zhAuth from "./zh-CN/auth.json";
import zhBug from "./zh-CN/bug.json";
import zhCourse from "./zh-CN/course.json";
import zhErrors from "./zh-CN/errors.json";
import zhFigure from "./zh-CN/figure.json";
import zhFigureLru from "./zh-CN/figure-lru.json";
import zhFigureMachine from "./zh-CN/figure-machine.json";
import zhFigureSlab from "./zh-CN/figure-slab.json";
import zhFigureSpace from "./zh-CN/figure-space.json";
import zhFigureSwap from "./zh-CN/figure-swap.json";
import zhFigureWalk from "./zh-CN/figure-walk.json";
import zhFigureZones from "./zh-CN/figure-zones.json";
import zhFinding from "./zh-CN/finding.json";
import zhGrade from "./zh-CN/grade.json";
import zhInfo from "./zh-CN/info.json";
import zhLanding from "./zh-CN/landing.json";
import zhLesson from "./zh-CN/lesson.json";
import zhPlatform from "./zh-CN/platform.json";
import zhPlay from "./zh-CN/play.json";
import zhResult from "./zh-CN/result.json";
import zhScene from "./zh-CN/scene.json";
import zhShell from "./zh-CN/shell.json";
import zhVerdict from "./zh-CN/verdict.json";
import zhWorkspace from "./zh-CN/workspace.json";

const en = {
  account: enAccount,
  auth: enAuth,
  bug: enBug,
  course: enCourse,
  errors: enErrors,
  figure: enFigure,
  "figure-machine": enFigureMachine,
  "figure-space": enFigureSpace,
  "figure-swap": enFigureSwap,
  "figure-lru": enFigureLru,
  "figure-slab": enFigureSlab,
  "figure-walk": enFigureWalk,
  "figure-zones": enFigureZones,
  finding: enFinding,
  grade: enGrade,
  info: enInfo,
  landing: enLanding,
  lesson: enLesson,
  play: enPlay,
  result: enResult,
  platform: enPlatform,
  scene: enScene,
  shell: enShell,
  verdict: enVerdict,
  workspace: enWorkspace,
};

/** English is the shape: a key that English has not cannot be asked for. */
export type Messages = typeof en;
export type Namespace = keyof Messages;

const zhCN: Messages = {
  account: zhAccount,
  auth: zhAuth,
  bug: zhBug,
  course: zhCourse,
  errors: zhErrors,
  figure: zhFigure,
  "figure-machine": zhFigureMachine,
  "figure-space": zhFigureSpace,
  "figure-swap": zhFigureSwap,
  "figure-lru": zhFigureLru,
  "figure-slab": zhFigureSlab,
  "figure-walk": zhFigureWalk,
  "figure-zones": zhFigureZones,
  finding: zhFinding,
  grade: zhGrade,
  info: zhInfo,
  landing: zhLanding,
  lesson: zhLesson,
  play: zhPlay,
  result: zhResult,
  platform: zhPlatform,
  scene: zhScene,
  shell: zhShell,
  verdict: zhVerdict,
  workspace: zhWorkspace,
};

export const messages: Readonly<Record<Locale, Messages>> = { en, "zh-CN": zhCN };

declare module "use-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
