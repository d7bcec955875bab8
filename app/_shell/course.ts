// The course as the pages see it: read from exercises/ once a process. In development it is read anew for every request, so
// that an author sees an edit at once.
import { cache } from "react";
import type { Course } from "@/lib/course/exercise";
import { loadCourse } from "@/lib/course/load";

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    // A failed read (a disk that was away) is tried again by the next request.
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const read = () => loadCourse();

export const theCourse: () => Promise<Course> = process.env.NODE_ENV === "development" ? cache(read) : once(read);
