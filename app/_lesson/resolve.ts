// Where `exercise:…`, `lesson:…#section` and `play:` in a course text lead, for one language.
import type { ResolveLink } from "@/lib/course/directives";
import type { Course } from "@/lib/course/exercise";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";

export function linksOf(course: Course, locale: Locale): ResolveLink {
  return (kind, target) => {
    const [slug = "", section] = target.split("#");
    if (kind === "play") return paths.play(locale);
    if (kind === "exercise") {
      const known = course.chapters.some((chapter) => chapter.exercises.some((exercise) => exercise.slug === slug));
      return known ? paths.exercise(locale, course.slug, slug) : null;
    }
    const known = course.chapters.some(({ lesson }) => lesson?.slug === slug);
    return known ? `${paths.lesson(locale, course.slug, slug)}${section ? `#${section}` : ""}` : null;
  };
}
