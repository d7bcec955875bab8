// The HTTP side of better-auth. Forms of the site go through lib/auth/requests.ts instead.
import { auth } from "@/lib/auth/auth";

const handler = (request: Request): Promise<Response> => auth().handler(request);

export { handler as GET, handler as POST };
