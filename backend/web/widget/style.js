/**
 * The widget's look. A constructed sheet inside the shadow root: allowed by a strict Content-Security-Policy.
 * `!important` on :host keeps the embedding page's rules out; inside, nothing of the page applies.
 */
export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host {
  all: initial !important; color: var(--ink) !important; color-scheme: light dark !important;
  font: 15px/1.6 "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", system-ui,
    sans-serif !important;
  --ground: #f3f7fa; --paper: #fff; --ink: #16222e; --soft: #566575; --line: #d6dfe7; --brand: #0b57a8; --own: #0b57a8;
  --alarm: #b3261e; --warn: #fff4dc; --warn-ink: #6b4700; --agent: #e3f3ee; --agent-ink: #0d5c46;
  --ring: #c2670a; --edge: #7f8c99; --glow: #0b57a838;
}
@media (prefers-color-scheme: dark) {
  :host {
    --ground: #10181f; --paper: #1c2833; --ink: #e9eff4; --soft: #a3b3c1; --line: #33434f; --brand: #8cc3f7;
    --own: #135fae; --alarm: #ffb4ab; --warn: #443410; --warn-ink: #ffe2a6; --agent: #17382f; --agent-ink: #8fdcc2;
    --ring: #ffb454; --edge: #7b8b98; --glow: #8cc3f738;
  }
}
* { box-sizing: border-box; margin: 0; font: inherit; color: inherit; }
[hidden] { display: none !important; }
button, textarea { -webkit-tap-highlight-color: transparent; }
button { border: 0; background: none; padding: 0; cursor: pointer; touch-action: manipulation; }
button:disabled { cursor: default; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
svg { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher, .panel { position: fixed; z-index: 2147483000; }
.launcher {
  right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom)); display: flex;
  align-items: center; gap: 9px; height: 54px; padding: 0 22px 0 18px; border-radius: 27px; color: #fff;
  font-weight: 600; background: linear-gradient(120deg, #0a55a8, #0874ba); box-shadow: 0 8px 26px #0a3c7452;
  transition: transform .16s;
}
.launcher:hover { transform: translateY(-2px); }
.badge { position: absolute; top: -6px; right: -2px; min-width: 23px; height: 23px; padding: 0 6px; border-radius: 12px;
  border: 2px solid var(--paper); background: #c5221f; color: #fff; font: 700 12px/19px system-ui, sans-serif; }

.panel {
  right: max(24px, env(safe-area-inset-right)); bottom: 24px; width: 384px; height: min(640px, calc(100dvh - 48px));
  display: flex; flex-direction: column; overflow: hidden; border-radius: 20px; background: var(--ground);
  box-shadow: 0 18px 60px #0b2b4a40, 0 2px 8px #0b2b4a1f; animation: rise .22s cubic-bezier(.2, .8, .3, 1);
}
@keyframes rise { from { opacity: 0; transform: translateY(18px) scale(.98); } }
.head { display: flex; align-items: center; flex: none; padding: 15px 8px 15px 16px; color: #fff;
  background: linear-gradient(115deg, #0a55a8, #0874ba); }
.head :focus-visible { outline-color: #fff; outline-offset: -2px; }
.mark { display: grid; place-items: center; width: 40px; height: 40px; flex: none; margin-right: 8px;
  border-radius: 50%; background: #ffffff2b; }
.who { flex: 1; min-width: 0; }
h2 { font-size: 16px; font-weight: 700; line-height: 1.35; }
h2:lang(en) { font-size: 15px; }
h2, .status { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.status { font-size: 12px; line-height: 1.5; color: #fff; }
.status::before { content: ""; display: inline-block; width: 7px; height: 7px; margin-right: 6px; border-radius: 50%;
  background: #6ff0ae; vertical-align: 1px; }
.status.wait::before { background: #ffd166; animation: breathe 1.2s infinite alternate; }
@keyframes breathe { to { opacity: .3; } }
.head button { display: grid; place-items: center; min-width: 40px; height: 44px; border-radius: 12px; }
.head button:hover { background: #ffffff24; }
.head .tongue { padding: 0 7px; font-size: 13px; }
.head button svg { stroke-width: 2.2; }

.menu { position: absolute; z-index: 3; top: 62px; right: 12px; padding: 6px; border-radius: 12px;
  background: var(--paper); box-shadow: 0 6px 26px #00000038; }
.menu button { min-height: 44px; padding: 0 18px; border-radius: 8px; }
.menu button:hover { background: var(--ground); }
.strip { flex: none; padding: 7px 18px; font-size: 13px; text-align: center; background: var(--warn);
  color: var(--warn-ink); }

.scroller { flex: 1; min-height: 0; overflow: hidden auto; padding: 14px 16px; overscroll-behavior: contain; }
.scroller:focus-visible { outline-offset: -3px; }
.row { display: flex; flex-direction: column; align-items: flex-start; margin-top: 12px; animation: come .2s; }
@keyframes come { from { opacity: 0; transform: translateY(6px); } }
.run { margin-top: 5px; }
.by { margin: 0 4px 3px; font-size: 12px; color: var(--soft); }
.run .by, .by:empty { display: none; }
.bubble { position: relative; max-width: 84%; padding: 9px 14px; border-radius: 4px 18px 18px 18px; overflow: hidden;
  background: var(--paper); box-shadow: 0 1px 2px #0b2b4a1c; }
bdi { display: block; unicode-bidi: isolate; white-space: pre-wrap; overflow-wrap: anywhere; }
.customer { align-items: flex-end; }
.customer .bubble { border-radius: 18px 4px 18px 18px; background: var(--own); color: #fff; }
.run .bubble { border-top-left-radius: 18px; }
.customer.run .bubble { border-top-right-radius: 18px; }
.failed .bubble, .refused .bubble { outline: 2px dashed var(--alarm); outline-offset: 2px; }
.agent .bubble { background: var(--agent); }
.agent .by { color: var(--agent-ink); font-weight: 600; }
a { color: var(--brand); text-decoration: underline; text-underline-offset: 2px; }
.system { align-items: center; }
.system .bubble { max-width: 92%; padding: 4px 14px; border-radius: 14px; background: none; box-shadow: none;
  font-size: 13px; text-align: center; color: var(--soft); }
.day { margin: 4px 0 2px; text-align: center; font-size: 12px; color: var(--soft); }
.row + .day { margin-top: 18px; }
.meta { display: flex; align-items: center; gap: 8px; margin: 3px 5px 0; font-size: 11.5px; color: var(--soft); }
.failed .meta, .refused .meta { color: var(--alarm); font-size: 13px; }
.retry { min-height: 44px; min-width: 44px; padding: 0 4px; font-weight: 600; text-decoration: underline; }
.replies { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.replies button { min-height: 44px; padding: 7px 18px; border: 1.5px solid var(--brand); border-radius: 22px;
  background: var(--paper); color: var(--brand); text-align: start; overflow-wrap: anywhere; }
.replies button:hover:enabled { background: var(--brand); color: var(--paper); }
.replies button:disabled { border-color: var(--line); color: var(--soft); }
.typing { display: inline-flex; gap: 5px; margin-top: 12px; padding: 14px 16px; border-radius: 4px 18px 18px 18px;
  background: var(--paper); box-shadow: 0 1px 2px #0b2b4a1c; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: hop 1s infinite; }
.typing i:nth-child(2) { animation-delay: .15s; }
.typing i:nth-child(3) { animation-delay: .3s; }
@keyframes hop { 0%, 60%, 100% { transform: none; opacity: .5; } 30% { transform: translateY(-4px); opacity: 1; } }
.over { position: relative; }
.pill { position: absolute; z-index: 2; bottom: 10px; left: 50%; transform: translateX(-50%); min-height: 44px;
  padding: 0 20px; border-radius: 22px; background: var(--own); color: #fff; font-size: 14px; white-space: nowrap;
  box-shadow: 0 4px 16px #0b2b4a4d; }

form { position: relative; display: flex; align-items: flex-end; gap: 8px; flex: none; background: var(--paper);
  padding: 10px 10px max(10px, env(safe-area-inset-bottom)) 12px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 132px; padding: 9px 14px; resize: none;
  border: 1.5px solid var(--edge); border-radius: 14px; background: var(--paper); font-size: 16px; line-height: 1.5; }
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible { outline: none; border-color: var(--brand);
  box-shadow: inset 0 0 0 1px var(--brand), 0 0 0 4px var(--glow); }
.pick { display: grid; place-items: center; width: 44px; height: 44px; flex: none; border-radius: 14px; color: var(--soft); }
.pick:hover { background: var(--ground); color: var(--brand); }
.picture { display: block; width: auto; height: auto; max-width: 100%; max-height: 260px; border-radius: 12px; }
.bubble:has(.picture) { padding: 4px; }
.drop { position: absolute; inset: 8px; z-index: 5; display: grid; place-items: center; border: 2px dashed var(--brand);
  border-radius: 16px; background: var(--paper); color: var(--brand); opacity: .95; pointer-events: none; }
.send { display: grid; place-items: center; width: 46px; height: 46px; flex: none; border-radius: 14px;
  background: var(--own); color: #fff; }
.send:hover:enabled { filter: brightness(1.12); }
.send:disabled { opacity: .45; }
.counter { position: absolute; right: 66px; bottom: 100%; padding: 2px 10px; border-radius: 8px 8px 0 0;
  background: var(--paper); font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; }
.counter.over { color: var(--alarm); font-weight: 600; }

.confirm { position: absolute; z-index: 4; inset: 0; display: grid; place-items: center; padding: 24px;
  background: #08182899; }
.confirm div { padding: 22px; border-radius: 18px; background: var(--paper); text-align: end; }
.confirm h3, .confirm p { text-align: start; }
h3 { font-size: 17px; font-weight: 700; }
.confirm p { margin: 8px 0 16px; color: var(--soft); }
.confirm button { min-height: 44px; padding: 0 18px; border-radius: 12px; font-weight: 600; color: var(--brand); }
.confirm .yes { margin-left: 6px; background: var(--own); color: #fff; }

@media (max-width: 560px), (max-height: 480px) {
  .panel { inset: 0; width: auto; height: 100vh; height: 100dvh; border-radius: 0; animation-duration: .16s; }
  .head { padding: max(14px, env(safe-area-inset-top)) max(6px, env(safe-area-inset-right)) 14px
    max(16px, env(safe-area-inset-left)); }
  .head button { min-width: 44px; }
}
@media (prefers-reduced-motion: reduce) { *, ::before { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  textarea:focus-visible { outline: 2px solid; }
  .bubble, .launcher, .panel, .send, .typing { border: 1px solid; }
}
`);
