script voicemail.ozml
speaks 3s-6s 10.5s-12s 40s-50s
answer http://app.test/vm nothing.ozml

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Leave a message and press hash."
  2.015  Hears: a beep
  2.515  Asked: records as mp3
 17.000  Request: POST http://app.test/vm NotificationName=RecordCompleted&CallId=02Al26WS&RecordURL=http%3A%2F%2Flocalhost%2Frecordings%2Fsimulated&Format=mp3&Duration=14
 17.000  Hears: "Thank you."
 17.650  Ended: the script hangs up: Hangup, line 6
