script loop.ozml

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Hello Alex. Free days are:"
  1.690  Hears: "Monday"
  3.080  Hears: "Thursday"
  4.600  Hears: "On May 6 from 201"
  5.705  Hears: a.wav
  8.705  Ended: the script hangs up: Hangup, line 9
