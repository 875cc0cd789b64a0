script wrong.ozml

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Leave a message."
  1.040  Error: 303 Command 'Reject' cannot be used here
  1.040  Error: 303 Command 'Hold' cannot be used here
  1.040  Error: 301 Not implemented command: 'Teleport'
  1.040  Ended: the script hangs up: Exit, line 1
