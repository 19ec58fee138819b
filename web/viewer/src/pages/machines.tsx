// All state machines.
import {useState} from "preact/hooks";
import {api} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import {Empty, ErrorBox, Loading, PageHead} from "../parts/basics.tsx";
import {useTitle} from "../parts/title.ts";
import {timeText} from "../format.ts";
import {machineHref, setQuery, useAddress} from "../router.ts";

export function MachinesPage() {
  useTitle("State machines");
  const {query} = useAddress();
  const cursor = query.get("cursor") ?? "";
  const [search, setSearch] = useState("");
  const {data, error, reload} = useLoad(`machines ${cursor}`, (signal) => api.machines({cursor, limit: 200}, signal), true);
  const machines = (data?.stateMachines ?? []).filter((machine) => machine.name.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <PageHead title="State machines" actions={<a class="button primary" href="/author">Write one</a>} />
      {error && <ErrorBox error={error} retry={reload} />}
      {!data && !error && <Loading />}
      {data && data.stateMachines.length === 0 && !cursor && (
        <Empty title="No state machines yet">
          <p>Write one on the <a href="/author">authoring page</a>, or create one with any AWS client:</p>
          <pre class="code" tabIndex={0} role="region" aria-label="Command">{`aws stepfunctions create-state-machine --endpoint-url ${location.origin} \\\n    --name hello --definition file://hello.asl.json --role-arn arn:aws:iam::000000000000:role/any`}</pre>
        </Empty>
      )}
      {data && data.stateMachines.length > 0 && (
        <>
          <div class="filters"><input type="search" aria-label="Filter by name" placeholder="Filter by name" data-search="yes" value={search} onInput={(event) => setSearch(event.currentTarget.value)} /></div>
          <table class="list machines">
            <thead><tr><th>Name</th><th>Type</th><th>Updated</th><th /></tr></thead>
            <tbody>
              {machines.map((machine) => (
                <tr key={machine.stateMachineArn}>
                  <td class="main"><a href={machineHref(machine.name)}>{machine.name}</a></td>
                  <td class="label">{machine.type === "STANDARD" ? "Standard" : "Express"}{machine.status === "DELETING" && <span class="pill aborted">Deleting</span>}</td>
                  <td class="aside">{timeText(machine.updateDate)}</td>
                  <td class="end"><a class="button small" href={machineHref(machine.name, "/start")} aria-label={`Start ${machine.name}`}>Start</a></td>
                </tr>
              ))}
            </tbody>
          </table>
          {machines.length === 0 && <p class="pending">No name has this text.</p>}
          <nav class="pages" aria-label="Pages">
            {cursor && <button type="button" class="button" onClick={() => setQuery({cursor: null})}>First</button>}
            {data.nextCursor && <button type="button" class="button" onClick={() => setQuery({cursor: data.nextCursor!})}>More</button>}
          </nav>
        </>
      )}
    </>
  );
}
