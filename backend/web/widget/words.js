/** Every sentence the widget shows, in both languages. */
export const WORDS = {
  zh: {
    locale: "zh-CN",
    launcher: "在线客服",
    unread: (n) => `在线客服，${n} 条新消息`,
    title: "威雅电器 售后热线",
    online: "在线 · 人工 08:00–18:00",
    connecting: "正在连接…",
    warming: "机器人准备中，可先留言",
    down: "机器人暂时离线，可先留言",
    waiting: "正在为您转接客服…",
    human: (name) => `客服${name}正在服务`,
    closed: "本次对话已结束",
    closedHint: "对话已结束；如需帮助，可在右上角开始新对话。",
    otherLanguage: "EN",
    switchTo: "EN，切换到英文",
    menu: "更多",
    close: "收起对话",
    fresh: "开始新对话",
    freshAsk: "开始新的对话？",
    freshWhy: "当前聊天记录将不再显示；已登记的工单和预约不受影响。",
    cancel: "取消",
    log: "聊天记录",
    input: "输入消息",
    placeholder: "请描述您的问题…",
    send: "发送",
    tooLong: (n) => `已超出 ${n} 字，请缩短后发送`,
    you: "您",
    bot: "智能助手",
    agent: (name) => (name ? `客服 ${name}` : "客服"),
    colon: "：",
    typing: "对方正在输入",
    sending: "发送中…",
    failed: "发送失败",
    refused: "未能发送",
    retry: "重试",
    reconnecting: "正在重新连接…",
    offline: "网络已断开，恢复后会自动发送",
    newMessages: "新消息",
    expired: "之前的对话已过期，我们为您开启了新的对话。",
    today: "今天",
    yesterday: "昨天",
    asks: {
      phone: "请输入联系电话…",
      address: "省、市、区、街道、门牌号…",
      name: "请问怎么称呼您…",
      model: "如 铭牌上的型号…",
      ticket_no: "如 WY261124-0001…",
    },
  },
  en: {
    locale: "en",
    launcher: "Chat with us",
    unread: (n) => `Chat with us, ${n} new ${n === 1 ? "message" : "messages"}`,
    title: "Weiya after-sales hotline",
    online: "Online · staffed 08:00–18:00",
    connecting: "Connecting…",
    warming: "Assistant is getting ready…",
    down: "Assistant is away, do write",
    waiting: "Finding a colleague for you…",
    human: (name) => (name ? `${name} is helping you` : "A colleague is helping you"),
    closed: "This conversation has ended",
    closedHint: "This conversation has ended; start a new one at the top right.",
    otherLanguage: "中文",
    switchTo: "中文 (switch to Chinese)",
    menu: "More",
    close: "Minimise chat",
    fresh: "New conversation",
    freshAsk: "Start a new conversation?",
    freshWhy: "This chat will no longer be shown. Your tickets and appointments stay as they are.",
    cancel: "Cancel",
    log: "Conversation",
    input: "Your message",
    placeholder: "Tell us what is wrong…",
    send: "Send",
    tooLong: (n) => `${n} characters too long to send`,
    you: "You",
    bot: "Assistant",
    agent: (name) => name || "Service colleague",
    colon: ": ",
    typing: "Typing",
    sending: "Sending…",
    failed: "Not sent",
    refused: "Could not be sent",
    retry: "Retry",
    reconnecting: "Reconnecting…",
    offline: "You are offline; we send it when you are back",
    newMessages: "New messages",
    expired: "Your earlier conversation has expired, so we opened a new one.",
    today: "Today",
    yesterday: "Yesterday",
    asks: {
      phone: "Your phone number…",
      address: "Province, city, district, street, number…",
      name: "Your name…",
      model: "The model on the rating plate…",
      ticket_no: "For example WY261124-0001…",
    },
  },
};

/** The widget's language for a tag such as "zh-CN" or "en-GB"; null for a missing one. */
export function languageOf(tag) {
  return tag ? (/^zh\b/i.test(tag) ? "zh" : "en") : null;
}

/** "14:05" in the visitor's zone. */
export function clock(words, date) {
  return date.toLocaleTimeString(words.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "今天", "Yesterday" or the date in words. */
export function day(words, date) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const age = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
  if (age === 0) return words.today;
  if (age === 1) return words.yesterday;
  return date.toLocaleDateString(words.locale, { month: "long", day: "numeric", weekday: "short" });
}
