/** The page for people at `/`: what this is and where to go on. It tells nothing that the token protects. */
export function indexPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Lookout exporter</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em; color-scheme: light dark }
  dt { font-family: ui-monospace, monospace; margin-top: 1em }
</style>
<h1>Lookout exporter ${version}</h1>
<p>Backups, volumes and certificates as Prometheus metrics.</p>
<dl>
  <dt><a href="/prometheus">/prometheus</a></dt>
  <dd>The metrics. Asks for the bearer token: <code>curl -H "Authorization: Bearer $(cat &lt;token file&gt;)"</code>.</dd>
  <dt><a href="/explain">/explain</a></dt>
  <dd>Each declared thing with its last reading or why there is none, as JSON. Asks for the token too.</dd>
  <dt><a href="/readyz">/readyz</a></dt>
  <dd>200 once each source has been tried.</dd>
  <dt><a href="/healthz">/healthz</a></dt>
  <dd>200 while the exporter answers.</dd>
</dl>
</html>
`;
}
