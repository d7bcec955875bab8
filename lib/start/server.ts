// The web server: Next behind an HTTP server of our own, because a visitor must not choose the address that limits count.
import http from "node:http";
import next from "next";
import { closeChanges } from "@/lib/db/changes";
import { closeDb } from "@/lib/db/client";
import { closeWebQueue } from "@/lib/queue/submit";
import { refuseBody } from "./body-limit";
import { trustOnlyOurProxies } from "./forwarded";

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}
export interface WebServerSettings {
  readonly port: number;
  /** Absent: all of this machine's addresses. */
  readonly host: string | undefined;
  /** How many reverse proxies stand before us, each of which appends to X-Forwarded-For. */
  readonly proxies: number;
}

/** Serves the production build of this checkout. @throws EADDRINUSE if the port is taken. */
export async function startWebServer({ port, host, proxies }: WebServerSettings): Promise<WebServer> {
  const app = next({ dev: false, port, hostname: host ?? "localhost" });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = http.createServer((request, response) => {
    const refused = refuseBody(request);
    if (refused !== null) {
      response.writeHead(refused, { connection: "close" }).end();
      return;
    }
    trustOnlyOurProxies(request, proxies);
    handle(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host ?? "localhost"}:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Pages that wait for a verdict ask again by themselves.
      setTimeout(() => server.closeAllConnections(), 2_000).unref();
      await closed;
      await app.close();
      await closeWebQueue();
      await closeChanges();
      await closeDb();
    },
  };
}
