// Shown when a page that exists finds nothing to show: an unknown course, lesson or exercise.
import { NotFoundMessage } from "@/app/_shell/not-found-message";

export default function NotFound() {
  return <NotFoundMessage />;
}
