// An execution's history as it grows: pages of what there is, then a stream of what happens. What arrives is taken in
// once a frame at most, so that a quick execution does not outrun the page.
import {useEffect, useRef, useState} from "preact/hooks";
import {api, isAbort} from "../api/client.ts";
import type {HistoryEvent} from "../api/types.ts";
import {Trace} from "../trace/trace.ts";

export type Connection = "loading" | "live" | "lost" | "ended";

export interface Followed {
  trace: Trace;
  version: number;
  connection: Connection;
  error: Error | null;
}

const page_size = 1000;
const again_ms = 3000;
const flush_ms = 80;

// `round` changes when the execution runs again (a redrive): then it is followed again from where it was.
export function useFollow(arn: string, ended: boolean, round: number, onEnd: () => void): Followed {
  const held = useRef<{arn: string; trace: Trace}>({arn: "", trace: new Trace()});
  if (held.current.arn !== arn) held.current = {arn, trace: new Trace()};
  const {trace} = held.current;
  const [state, setState] = useState<{version: number; connection: Connection; error: Error | null}>({version: 0, connection: "loading", error: null});
  const end = useRef(onEnd);
  end.current = onEnd;

  useEffect(() => {
    const abort = new AbortController();
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let flushing: ReturnType<typeof setTimeout> | undefined;
    let arrived: HistoryEvent[] = [];
    let over = false;
    const say = (connection: Connection, error: Error | null = null) => {
      if (!abort.signal.aborted) setState({version: trace.version, connection, error});
    };
    const flush = () => {
      clearTimeout(flushing);
      flushing = undefined;
      if (arrived.length === 0) return;
      trace.add(arrived);
      arrived = [];
      if (!abort.signal.aborted) setState((old) => ({...old, version: trace.version}));
    };
    const loadPages = async (): Promise<void> => {
      for (;;) {
        const page = await api.history(arn, trace.lastId, page_size, abort.signal);
        if (abort.signal.aborted) return;
        trace.add(page.events);
        setState((old) => ({...old, version: trace.version}));
        if (page.nextAfter === undefined) return;
      }
    };
    const close = () => {
      source?.close();
      source = null;
    };
    const listen = () => {
      if (source || over || abort.signal.aborted || document.visibilityState !== "visible") return;
      const opened = source = new EventSource(api.eventsUrl(arn, trace.lastId));
      opened.addEventListener("open", () => say("live"));
      opened.addEventListener("error", () => {
        if (over) return;
        say("lost");
        if (opened.readyState !== EventSource.CLOSED) return;  // else the browser tries again
        close();
        timer = setTimeout(listen, again_ms);
      });
      opened.addEventListener("history", (event) => {
        arrived.push(JSON.parse(event.data as string) as HistoryEvent);
        flushing ??= setTimeout(flush, flush_ms);
      });
      opened.addEventListener("status", () => {
        over = true;
        close();
        flush();
        say("ended");
        end.current();
      });
    };
    const begin = async () => {
      try {
        await loadPages();
        if (ended) say("ended");
        else listen();
      } catch (error) {
        if (abort.signal.aborted || isAbort(error)) return;
        say("lost", error as Error);
        timer = setTimeout(begin, again_ms);
      }
    };
    const onVisible = () => (document.visibilityState === "visible" ? listen() : close());
    if (!ended) document.addEventListener("visibilitychange", onVisible);
    void begin();
    return () => {
      abort.abort();
      clearTimeout(timer);
      clearTimeout(flushing);
      close();
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [arn, ended, round, trace]);
  return {trace, ...state, version: trace.version};
}
