/** What a whole group of processes is told by Ctrl-C, by a supervisor, and by a terminal that is closed. */
export const GROUP_SIGNALS: readonly string[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
